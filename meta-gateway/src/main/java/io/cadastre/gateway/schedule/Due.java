package io.cadastre.gateway.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A firing whose time has come.
 *
 * @param fireTime the time the line names
 * @param missed how many firings before it this one stands for, counted up to a thousand
 */
record Due(Instant fireTime, int missed) {

  private static final int MISSED_COUNTED = 1000;

  /**
   * What to fire: the latest firing after {@code handledThrough} that is not in the future. All
   * earlier ones, missed while no gateway ran, are caught up by it.
   */
  static Optional<Due> decide(Cron cron, Instant handledThrough, Instant now) {
    Optional<Instant> first = cron.next(handledThrough).filter(firing -> !firing.isAfter(now));
    return first.map(firing -> latest(cron, firing, now));
  }

  private static Due latest(Cron cron, Instant first, Instant now) {
    Instant latest = first;
    int missed = 0;
    while (missed < MISSED_COUNTED) {
      Optional<Instant> next = cron.next(latest).filter(firing -> !firing.isAfter(now));
      if (next.isEmpty()) {
        return new Due(latest, missed);
      }
      latest = next.get();
      missed++;
    }
    return new Due(lastBefore(cron, latest, now), missed);
  }

  /** After a long downtime: looks back from now in ever longer strides. */
  private static Instant lastBefore(Cron cron, Instant known, Instant now) {
    Duration stride = Duration.ofMinutes(1);
    Instant from = now.minus(stride);
    while (from.isAfter(known) && cron.next(from).filter(f -> !f.isAfter(now)).isEmpty()) {
      stride = stride.multipliedBy(2);
      from = now.minus(stride);
    }
    Instant latest = from.isAfter(known) ? from : known;
    Optional<Instant> next = cron.next(latest);
    while (next.isPresent() && !next.get().isAfter(now)) {
      latest = next.get();
      next = cron.next(latest);
    }
    return latest;
  }
}
