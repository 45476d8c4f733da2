package io.cadastre.gateway.inventory;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When a worker says it listed an instance; the register's times come from there. */
final class ListedAt {

  /** A worker's clock may be ahead of the gateway's by this much. */
  private static final Duration CLOCK_SKEW = Duration.ofHours(1);

  /** Longer than any result lies in Kafka; what is older comes from a clock that was never set. */
  private static final Duration WAITS_AT_MOST = Duration.ofDays(31);

  private ListedAt() {}

  /** What is wrong with the time; empty where nothing is. */
  static Optional<String> problemOf(Instant finishedAt, Instant now) {
    Instant earliest = now.minus(WAITS_AT_MOST);
    Instant latest = now.plus(CLOCK_SKEW);
    return finishedAt.isBefore(earliest) || finishedAt.isAfter(latest)
        ? Optional.of("finished_at: %s (allowed: %s to %s)".formatted(finishedAt, earliest, latest))
        : Optional.empty();
  }
}
