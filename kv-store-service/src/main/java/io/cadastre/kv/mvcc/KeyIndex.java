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

  @Nullable KeyHistory get(byte[] key) {
    return histories.get(key);
  }

  KeyHistory getOrCreate(byte[] key) {
    return histories.computeIfAbsent(key, _ -> new KeyHistory());
  }

  void remove(byte[] key) {
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
