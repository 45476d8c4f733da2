package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.option.LogStorageOptions;
import com.alipay.sofa.jraft.storage.LogStorage;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** A log that is gone with the process. */
final class MemoryLog implements LogStorage {

  private final ConcurrentSkipListMap<Long, LogEntry> entries = new ConcurrentSkipListMap<>();
  private volatile long first = 1;

  @Override
  public boolean init(LogStorageOptions options) {
    return true;
  }

  @Override
  public void shutdown() {}

  @Override
  public long getFirstLogIndex() {
    return first;
  }

  @Override
  public long getLastLogIndex() {
    return entries.isEmpty() ? first - 1 : entries.lastKey();
  }

  @Override
  public @Nullable LogEntry getEntry(long index) {
    return entries.get(index);
  }

  @Override
  @Deprecated
  public long getTerm(long index) {
    LogEntry entry = entries.get(index);
    return entry == null ? 0 : entry.getId().getTerm();
  }

  @Override
  public boolean appendEntry(LogEntry entry) {
    LogEntry _ = entries.put(entry.getId().getIndex(), entry);
    return true;
  }

  @Override
  public int appendEntries(List<LogEntry> added) {
    added.forEach(this::appendEntry);
    return added.size();
  }

  @Override
  public boolean truncatePrefix(long firstKept) {
    first = firstKept;
    entries.headMap(firstKept).clear();
    return true;
  }

  @Override
  public boolean truncateSuffix(long lastKept) {
    entries.tailMap(lastKept, false).clear();
    return true;
  }

  @Override
  public boolean reset(long next) {
    LogEntry kept = entries.get(next);
    entries.clear();
    first = next;
    return kept == null || appendEntry(kept);
  }
}
