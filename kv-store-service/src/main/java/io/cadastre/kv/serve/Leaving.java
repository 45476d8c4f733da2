package io.cadastre.kv.serve;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Says when a member that was removed may end. That it is removed is agreed on first, and Raft's
 * configuration follows: until then its vote counts, and where it were gone, one more failure would
 * leave the others without a majority.
 */
final class Leaving {

  /** Of the election: for who leads to hear that the configuration is agreed on. */
  private static final int TIMEOUTS_WITHOUT_VOTE = 1;

  /**
   * Whoever is left out hears of nothing any more, maybe not even of that. Long enough that others
   * find a leader first where the vote is needed for it.
   */
  private static final int TIMEOUTS_WITHOUT_LEADER = 30;

  private final long timeoutNanos;
  private final LongSupplier nanos;
  private boolean waiting;
  private long since;
  private boolean votedLast;

  Leaving(Duration electionTimeout, LongSupplier nanos) {
    this.timeoutNanos = electionTimeout.toNanos();
    this.nanos = nanos;
  }

  /**
   * Looks at a member that was removed. Called every now and then, by one thread.
   *
   * @param votes whether Raft's configuration has it, as far as it knows
   * @param hasLeader whether it knows who leads, itself included
   */
  boolean mayEnd(boolean votes, boolean hasLeader) {
    boolean needed = votes && hasLeader;
    if (needed) {
      waiting = false;
      return false;
    }
    long now = nanos.getAsLong();
    if (!waiting || votes != votedLast) {
      waiting = true;
      since = now;
      votedLast = votes;
    }
    int timeouts = votes ? TIMEOUTS_WITHOUT_LEADER : TIMEOUTS_WITHOUT_VOTE;
    return now - since >= timeouts * timeoutNanos;
  }
}
