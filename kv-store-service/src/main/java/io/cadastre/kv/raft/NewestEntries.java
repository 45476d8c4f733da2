package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.entity.LogEntry;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The end of the log, in memory. JRaft forgets an entry that is applied; it asks again for the last
 * one with every append, for its term, and for more where one member is a little behind the others.
 */
final class NewestEntries {

  private static final int MOST = 1 << 10;
  private static final long MOST_BYTES = 4 << 20;

  private final @Nullable LogEntry[] ring = new LogEntry[MOST];
  private long first = 1;
  private long last;
  private long bytes;

  synchronized @Nullable LogEntry get(long index) {
    return index < first || index > last ? null : ring[slot(index)];
  }

  /** Goes on with entries that are durable. */
  synchronized void add(List<LogEntry> entries) {
    for (LogEntry entry : entries) {
      long index = entry.getId().getIndex();
      if (index != last + 1) {
        cutAfter(-1);
        first = index;
      }
      last = index;
      ring[slot(index)] = entry;
      bytes += bytes(entry);
      while (last - first == MOST - 1 || (bytes > MOST_BYTES && first < last)) {
        forgetFirst();
      }
    }
  }

  synchronized void cutAfter(long index) {
    while (last >= first && last > index) {
      bytes -= bytes(ring[slot(last)]);
      ring[slot(last)] = null;
      last--;
    }
  }

  synchronized void cutBefore(long index) {
    while (first <= last && first < index) {
      forgetFirst();
    }
  }

  private void forgetFirst() {
    bytes -= bytes(ring[slot(first)]);
    ring[slot(first)] = null;
    first++;
  }

  private static int slot(long index) {
    return (int) index & (MOST - 1);
  }

  private static int bytes(@Nullable LogEntry entry) {
    return entry == null || entry.getData() == null ? 0 : entry.getData().remaining();
  }
}
