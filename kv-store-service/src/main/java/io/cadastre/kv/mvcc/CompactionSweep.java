package io.cadastre.kv.mvcc;

import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.Changes;
import io.cadastre.kv.mvcc.KeyHistory.Change;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Goes once over the index and drops what a compaction gave up, little at a time. */
final class CompactionSweep {

  private final KeyIndex index;
  private final long compactRevision;

  /** Null when all were looked at. */
  private byte @Nullable [] nextKey = {};

  /** What the index has no more, and the store has still. */
  private Iterator<Change> dropping;

  private CompactionSweep(KeyIndex index, long compactRevision, Iterator<Change> dropping) {
    this.index = index;
    this.compactRevision = compactRevision;
    this.dropping = dropping;
  }

  /**
   * Begins one.
   *
   * @param unfinished one that ends in it, of an earlier revision
   */
  static CompactionSweep begin(
      KeyIndex index, long compactRevision, @Nullable CompactionSweep unfinished) {
    Iterator<Change> dropping =
        unfinished == null ? Collections.emptyIterator() : unfinished.dropping;
    return new CompactionSweep(index, compactRevision, dropping);
  }

  long compactRevision() {
    return compactRevision;
  }

  /**
   * Does some of it; says whether there is more.
   *
   * @param enough ends it: so many keys looked at and versions dropped together
   */
  boolean step(int enough, Changes changes) {
    int done = drop(enough, changes);
    if (nextKey != null && done < enough) {
      look(nextKey, enough - done, changes);
    }
    return nextKey != null || dropping.hasNext();
  }

  private int drop(int most, Changes changes) {
    int dropped = 0;
    while (dropped < most && dropping.hasNext()) {
      Change change = dropping.next();
      changes.delete(Bucket.KEY, change.revision().encode(change.tombstone()));
      dropped++;
    }
    return dropped;
  }

  private void look(byte[] from, int enough, Changes changes) {
    List<byte[]> gone = new ArrayList<>();
    int[] done = {0};
    nextKey = null;
    index.visit(
        new KeyRange(from, null, false),
        (key, history) -> {
          if (done[0] >= enough) {
            nextKey = key;
            return false;
          }
          dropping = history.compact(compactRevision);
          done[0]++;
          done[0] += drop(enough - done[0], changes);
          if (history.isEmpty()) {
            gone.add(key);
          }
          return true;
        });
    gone.forEach(index::remove);
  }
}
