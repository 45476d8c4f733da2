package io.cadastre.kv.serve;

import java.time.Duration;

/**
 * When it is time to read everything again: now and then, and seldom where that takes long. For one
 * thread at a time.
 */
final class CheckTimes {

  /** At most so much of the time is spent on it, however much there is to read. */
  private static final long SHARE_OF_TIME = 20;

  private final long intervalNanos;
  private long tookBefore;
  private long next;

  /** Makes it: the first time is an interval from now. */
  CheckTimes(Duration interval, long now) {
    intervalNanos = interval.toNanos();
    next = now + intervalNanos;
  }

  boolean isDue(long now) {
    return now - next > 0;
  }

  /**
   * It was read.
   *
   * @param took what it took to read. Of two in a row the shorter counts: a disk that stood still
   *     says nothing of how much there is to read
   */
  void done(long now, long took) {
    next = now + Math.max(intervalNanos, Math.min(took, tookBefore) * SHARE_OF_TIME);
    tookBefore = took;
  }
}
