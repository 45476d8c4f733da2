package io.cadastre.messaging.receive;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * The records of one partition between the first unfinished one and the last taken. An offset may
 * be committed once it and all before it are done.
 */
final class OffsetLedger {

  /** One taken record. */
  static final class Entry {
    private final long offset;
    private boolean done;

    private Entry(long offset) {
      this.offset = offset;
    }
  }

  private final Deque<Entry> window = new ArrayDeque<>();
  private long lastTaken = -1;
  private long committable = -1;
  private int running;

  Entry take(long offset) {
    if (offset <= lastTaken) {
      throw new IllegalStateException("offset " + offset + " taken after " + lastTaken);
    }
    lastTaken = offset;
    Entry entry = new Entry(offset);
    window.add(entry);
    return entry;
  }

  void done(Entry entry) {
    entry.done = true;
    for (Entry first = window.peek(); first != null && first.done; first = window.peek()) {
      committable = first.offset + 1;
      window.remove();
    }
  }

  /** The offset to commit, which is the one after the last done; empty before the first is done. */
  OptionalLong committable() {
    return committable < 0 ? OptionalLong.empty() : OptionalLong.of(committable);
  }

  /** Records from the first unfinished to the last taken, finished ones in between included. */
  int size() {
    return window.size();
  }

  void started() {
    running++;
  }

  void stopped() {
    running--;
  }

  int running() {
    return running;
  }
}
