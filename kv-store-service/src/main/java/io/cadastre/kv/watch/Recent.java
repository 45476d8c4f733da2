package io.cadastre.kv.watch;

import io.cadastre.kv.mvcc.Transaction;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Transactions on their way from the thread that applies to the one that tells watchers. What does
 * not fit is forgotten, not waited for: it can be read from the history.
 */
final class Recent {

  private final long mostBytes;
  private final ArrayDeque<Transaction> transactions = new ArrayDeque<>();
  private long bytes;
  private boolean watched;
  private boolean gap;

  Recent(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Says whether anybody is there to hear of it. */
  synchronized boolean add(List<Transaction> committed) {
    if (!watched) {
      return false;
    }
    for (Transaction transaction : committed) {
      bytes += sizeOf(transaction);
      if (gap || bytes > mostBytes) {
        forget();
      } else {
        transactions.addLast(transaction);
      }
    }
    return true;
  }

  /** From now on everything is kept; what was before is not known. */
  synchronized void watch() {
    if (!watched) {
      watched = true;
      gap = false;
    }
  }

  synchronized void stopWatching() {
    watched = false;
    forget();
    gap = false;
  }

  synchronized void forget() {
    transactions.clear();
    bytes = 0;
    gap = true;
  }

  /**
   * Takes some.
   *
   * @return how far they go, and whether something before them was forgotten
   */
  synchronized Taken take(long atMostBytes) {
    if (gap) {
      gap = false;
      return new Taken(List.of(), true);
    }
    List<Transaction> taken = new ArrayList<>();
    long takenBytes = 0;
    while (!transactions.isEmpty() && takenBytes < atMostBytes) {
      Transaction transaction = transactions.removeFirst();
      takenBytes += sizeOf(transaction);
      taken.add(transaction);
    }
    bytes -= takenBytes;
    return new Taken(taken, false);
  }

  /** What was on its way. */
  record Taken(List<Transaction> transactions, boolean gap) {}

  private static long sizeOf(Transaction transaction) {
    long size = 64;
    for (var event : transaction.events()) {
      size += 64 + event.getSerializedSize();
    }
    return size;
  }
}
