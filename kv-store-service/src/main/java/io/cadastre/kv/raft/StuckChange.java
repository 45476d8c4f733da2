package io.cadastre.kv.raft;

import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;

/**
 * Watches a change of Raft's configuration. JRaft finds out that a member has caught up when it
 * appends something: where that was done a moment before it began to wait, and nobody writes, it
 * would wait for ever. So it is given something to append. Where that does not help though all are
 * up to date, the leader gives up its term: whoever leads next begins anew.
 */
final class StuckChange {

  private static final int TIMEOUTS_BEFORE_WRITING = 2;
  private static final int TIMEOUTS_BEFORE_GIVING_UP = 10;

  private final long timeoutNanos;
  private final LongConsumer write;
  private final LongConsumer giveUp;
  private final LongSupplier nanoTime;
  private boolean watching;
  private long began;
  private long written;

  /**
   * Makes it.
   *
   * @param write puts something into the log of a term
   * @param giveUp ends a term, unless members are being brought up to date, which may last
   */
  StuckChange(Duration timeout, LongConsumer write, LongConsumer giveUp, LongSupplier nanoTime) {
    timeoutNanos = timeout.toNanos();
    this.write = write;
    this.giveUp = giveUp;
    this.nanoTime = nanoTime;
  }

  /** There is none. */
  void over() {
    watching = false;
  }

  /** There is one still. Called every now and then. */
  void look(long term) {
    long now = nanoTime.getAsLong();
    if (!watching) {
      watching = true;
      began = now;
      written = 0;
    }
    long timeouts = (now - began) / timeoutNanos;
    if (timeouts < TIMEOUTS_BEFORE_GIVING_UP) {
      if (timeouts / TIMEOUTS_BEFORE_WRITING > written) {
        written = timeouts / TIMEOUTS_BEFORE_WRITING;
        write.accept(term);
      }
      return;
    }
    over();
    giveUp.accept(term);
  }
}
