package io.cadastre.kv.watch;

import com.google.protobuf.ByteString;
import io.cadastre.kv.mvcc.KeyRange;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/** Finds the watchers of a key. */
final class WatcherIndex {

  private final Map<ByteString, Set<Watcher>> ofOneKey = new HashMap<>();
  private final RangeTree<Watcher> ofRanges = new RangeTree<>();

  void add(Watcher watcher) {
    KeyRange range = watcher.range();
    if (range.single()) {
      ofOneKey
          .computeIfAbsent(ByteString.copyFrom(range.from()), _ -> new LinkedHashSet<>())
          .add(watcher);
    } else {
      ofRanges.add(range, watcher);
    }
  }

  void remove(Watcher watcher) {
    KeyRange range = watcher.range();
    if (range.single()) {
      ofOneKey.computeIfPresent(
          ByteString.copyFrom(range.from()),
          (_, watchers) -> {
            watchers.remove(watcher);
            return watchers.isEmpty() ? null : watchers;
          });
    } else {
      ofRanges.remove(range, watcher);
    }
  }

  void visit(ByteString key, Consumer<Watcher> visitor) {
    Set<Watcher> exact = ofOneKey.get(key);
    if (exact != null) {
      exact.forEach(visitor);
    }
    ofRanges.visit(key.toByteArray(), visitor);
  }
}
