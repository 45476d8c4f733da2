package io.cadastre.messaging;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * Waits that double from {@code first} to {@code longest}, each shortened by a random part of up to
 * half, so that those who failed together do not return together.
 */
public record Backoff(Duration first, Duration longest, RandomGenerator random) {

  /** From a tenth of a second to ten: soon back after a restart, gentle in a long outage. */
  public static Backoff standard() {
    return new Backoff(
        Duration.ofMillis(100), Duration.ofSeconds(10), RandomGenerator.getDefault());
  }

  /** How long to wait after this many failures in a row, counted from 1. */
  public Duration after(int failures) {
    long doubled = first.toMillis() << Math.min(failures - 1, 20);
    long full = Math.min(longest.toMillis(), doubled);
    return Duration.ofMillis(full - random.nextLong(full / 2 + 1));
  }
}
