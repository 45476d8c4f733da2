package io.cadastre.kv.mvcc;

import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.Changes;
import java.util.ArrayList;
import java.util.List;

/** Goes once over the index and drops what a compaction gave up, little at a time. */
final class CompactionSweep {

  private final KeyIndex index;
  private final long compactRevision;
  private byte[] nextKey = {};

  CompactionSweep(KeyIndex index, long compactRevision) {
    this.index = index;
    this.compactRevision = compactRevision;
  }

  long compactRevision() {
    return compactRevision;
  }

  /**
   * Looks at some keys; says whether there are more.
   *
   * @param enough ends it: so many keys looked at and versions dropped together
   */
  boolean step(int enough, Changes changes) {
    List<byte[]> gone = new ArrayList<>();
    boolean[] more = {false};
    int[] done = {0};
    index.visit(
        new KeyRange(nextKey, null, false),
        (key, history) -> {
          if (done[0] >= enough) {
            nextKey = key;
            more[0] = true;
            return false;
          }
          done[0]++;
          boolean left =
              history.compact(
                  compactRevision,
                  change -> {
                    done[0]++;
                    changes.delete(Bucket.KEY, change.revision().encode(change.tombstone()));
                  });
          if (!left) {
            gone.add(key);
          }
          return true;
        });
    gone.forEach(index::remove);
    return more[0];
  }
}
