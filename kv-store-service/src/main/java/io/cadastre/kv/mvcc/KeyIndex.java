package io.cadastre.kv.mvcc;

import java.util.Arrays;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/** Every key with its history, in order, in the heap. One writer, many readers. */
final class KeyIndex {

  private final ConcurrentNavigableMap<byte[], KeyHistory> histories =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);

  /** The same for the writer, who needs no order. */
  private final HistoryTable table = new HistoryTable();

  @Nullable KeyHistory get(byte[] key) {
    return histories.get(key);
  }

  /** As {@link #get}, for the writer alone. */
  @Nullable KeyHistory known(byte[] key) {
    return table.get(key);
  }

  /** The writer's alone. */
  KeyHistory getOrCreate(byte[] key) {
    KeyHistory known = table.get(key);
    if (known != null) {
      return known;
    }
    KeyHistory created = new KeyHistory(key);
    table.add(created);
    histories.put(key, created);
    return created;
  }

  /** The writer's alone. */
  void remove(byte[] key) {
    table.remove(key);
    histories.remove(key);
  }

  /** Visits the histories of a range in order of their keys until the visitor answers false. */
  void visit(KeyRange range, BiPredicate<byte[], KeyHistory> visitor) {
    if (range.single()) {
      KeyHistory history = histories.get(range.from());
      if (history != null) {
        boolean _ = visitor.test(range.from(), history);
      }
      return;
    }
    if (range.isEmpty()) {
      return;
    }
    byte[] to = range.to();
    var part =
        to == null
            ? histories.tailMap(range.from(), true)
            : histories.subMap(range.from(), true, to, false);
    for (var entry : part.entrySet()) {
      if (!visitor.test(entry.getKey(), entry.getValue())) {
        return;
      }
    }
  }

  /** Visits every history. */
  void visitAll(BiPredicate<byte[], KeyHistory> visitor) {
    visit(new KeyRange(new byte[0], null, false), visitor);
  }
}
