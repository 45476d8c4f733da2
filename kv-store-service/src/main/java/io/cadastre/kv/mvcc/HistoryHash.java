package io.cadastre.kv.mvcc;

import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * Hash of the history of all keys.
 *
 * <p>CRC-32C over the name of the key bucket and every stored change up to the revision: its
 * encoded revision and its encoded key and value. Changes up to the compaction revision count only
 * where they are still what the key is at the hashed revision, whether or not the others are
 * reclaimed yet; a tombstone at the compaction revision does not count. So etcd computes it since
 * 3.5.16.
 *
 * @param hash unsigned 32 bits
 * @param compactRevision hashes of different ones cannot be compared
 * @param revision up to which it goes
 */
public record HistoryHash(int hash, long compactRevision, long revision) {

  static HistoryHash of(
      StorageEngine.View view, KeyIndex index, long compactRevision, long revision) {
    Kept kept = Kept.at(index, compactRevision, revision);
    CRC32C crc = new CRC32C();
    crc.update(Bucket.KEY.snapshotName().getBytes(StandardCharsets.UTF_8));
    byte[] end = new Revision(revision + 1, 0).encode(false);
    view.scan(
        Bucket.KEY,
        new byte[0],
        end,
        (key, value) -> {
          if (kept.counts(key)) {
            crc.update(key);
            crc.update(value);
          }
          return true;
        });
    return new HistoryHash((int) crc.getValue(), compactRevision, revision);
  }

  /** What counts of the changes up to the compaction revision. */
  private record Kept(long compactRevision, Set<Revision> revisions) {

    static Kept at(KeyIndex index, long compactRevision, long revision) {
      Set<Revision> kept = new HashSet<>();
      boolean[] anyKey = {false};
      index.visitAll((_, history) -> {
        Revision newest = compactRevision > 0 ? history.at(revision) : null;
        anyKey[0] |= newest != null;
        if (newest != null && newest.main() <= compactRevision) {
          kept.add(newest);
        }
        return compactRevision > 0;
      });
      if (compactRevision > 0 && !anyKey[0]) {
        // Where no key exists etcd leaves nothing out: all that outlives the compaction counts.
        index.visitAll((_, history) -> {
          Revision outlives = history.keptBy(compactRevision);
          if (outlives != null) {
            kept.add(outlives);
          }
          return true;
        });
      }
      return new Kept(compactRevision, kept);
    }

    boolean counts(byte[] key) {
      Revision at = Revision.decode(key);
      if (at.main() <= compactRevision && !revisions.contains(at)) {
        return false;
      }
      return at.main() != compactRevision || !Revision.isTombstone(key);
    }
  }
}
