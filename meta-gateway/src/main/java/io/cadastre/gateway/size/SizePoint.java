package io.cadastre.gateway.size;

import java.time.Instant;

/** A size at a moment. */
record SizePoint(Instant at, long bytes) {

  private static final double SECONDS_PER_DAY = 86_400;

  double day() {
    return at.getEpochSecond() / SECONDS_PER_DAY;
  }
}
