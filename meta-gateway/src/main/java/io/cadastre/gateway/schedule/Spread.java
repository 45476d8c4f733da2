package io.cadastre.gateway.schedule;

import java.time.Duration;

/**
 * Spreads instances over a window after a firing, so that a thousand of them are not asked at once.
 * An instance keeps its place from firing to firing, so its measurements stay evenly apart.
 */
final class Spread {

  private Spread() {}

  static Duration of(long instanceId, Duration window) {
    long seconds = window.toSeconds();
    return seconds <= 0
        ? Duration.ZERO
        : Duration.ofSeconds(Long.remainderUnsigned(mixed(instanceId), seconds));
  }

  /** SplitMix64: neighbouring ids land far apart. */
  private static long mixed(long id) {
    long z = id + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
