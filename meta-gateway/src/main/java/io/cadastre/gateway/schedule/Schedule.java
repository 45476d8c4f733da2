package io.cadastre.gateway.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * When a job is done, and how many instances at once.
 *
 * @param handledThrough firings up to this moment are done with
 */
record Schedule(
    Job job,
    String cron,
    String timeZone,
    int spreadMinutes,
    int parallel,
    boolean enabled,
    long version,
    Instant updatedAt,
    Instant handledThrough) {

  /** What to fire now, if anything. */
  Optional<Due> due(Instant now) {
    return enabled ? Due.decide(parsedCron(), handledThrough, now) : Optional.empty();
  }

  /** How long the oldest firing that is not done with has been waiting. */
  Duration lag(Instant now) {
    if (!enabled) {
      return Duration.ZERO;
    }
    return parsedCron()
        .next(handledThrough)
        .map(firing -> Duration.between(firing, now))
        .filter(Duration::isPositive)
        .orElse(Duration.ZERO);
  }

  /** The next firings in order; none where it is not enabled. */
  List<Instant> upcoming(Instant now, int count) {
    Cron line = parsedCron();
    return enabled
        ? Stream.iterate(line.next(now), Optional::isPresent, at -> at.flatMap(line::next))
            .limit(count)
            .flatMap(Optional::stream)
            .toList()
        : List.of();
  }

  /** Changed; firings of the time before are not caught up by the new line. */
  Schedule with(ScheduleSettings.Valid settings, Instant now) {
    return new Schedule(
        job,
        settings.cron(),
        settings.timeZone(),
        settings.spreadMinutes(),
        settings.parallel(),
        settings.enabled(),
        version + 1,
        now,
        now.isAfter(handledThrough) ? now : handledThrough);
  }

  Duration spread() {
    return Duration.ofMinutes(spreadMinutes);
  }

  private Cron parsedCron() {
    return Cron.parse(cron, ZoneId.of(timeZone));
  }
}
