package io.cadastre.kv.lease;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Turns expired leases into revocations in the log. Called every now and then, by one thread; on a
 * member that does not lead it finds nothing to do.
 *
 * <p>However many expire together, one batch at a time is under way, so that writes get their turn
 * in between.
 */
public final class LeaseExpiry {

  private static final int BATCH = 1_000;
  private static final Duration CHECKPOINT_INTERVAL = Duration.ofMinutes(5);

  private final Supplier<LeaseBook> book;
  private final LeaseLog log;
  private final LongSupplier nanos;
  private long nextCheckpoint;

  public LeaseExpiry(Supplier<LeaseBook> book, LeaseLog log, LongSupplier nanos) {
    this.book = book;
    this.log = log;
    this.nanos = nanos;
    this.nextCheckpoint = nanos.getAsLong() + CHECKPOINT_INTERVAL.toNanos();
  }

  /** Revokes what has expired; what cannot be revoked now is left for the next time. */
  public void run() {
    LeaseBook current = book.get();
    // Asked first: what is found expired then is so in this term, or refused.
    long term = log.term();
    for (List<Long> batch = current.takeExpired(BATCH);
        !batch.isEmpty();
        batch = current.takeExpired(BATCH)) {
      try {
        log.revoke(term, batch).join();
      } catch (CompletionException _) {
        // No leader, or no quorum: the leases live on until there is one.
        current.giveBack(batch);
        return;
      }
    }
    checkpoint(current, term);
  }

  private void checkpoint(LeaseBook current, long term) {
    boolean due = nextCheckpoint - nanos.getAsLong() <= 0;
    Map<Long, Long> left = due ? current.checkpoints(CHECKPOINT_INTERVAL) : current.takeRenewed();
    if (due) {
      nextCheckpoint = nanos.getAsLong() + CHECKPOINT_INTERVAL.toNanos();
    }
    Map<Long, Long> batch = new HashMap<>();
    for (Map.Entry<Long, Long> each : left.entrySet()) {
      batch.put(each.getKey(), each.getValue());
      if (batch.size() == BATCH) {
        write(term, batch);
        batch = new HashMap<>();
      }
    }
    if (!batch.isEmpty()) {
      write(term, batch);
    }
  }

  private void write(long term, Map<Long, Long> batch) {
    try {
      log.checkpoint(term, Map.copyOf(batch)).join();
    } catch (CompletionException _) {
      // Without a checkpoint a lease lives longer after a change of leader, which is allowed.
    }
  }
}
