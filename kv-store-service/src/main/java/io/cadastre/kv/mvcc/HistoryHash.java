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
 * encoded revision and its encoded key and value. Changes before the compaction revision count only
 * if the compaction keeps them, whether or not they are reclaimed yet; a tombstone at that very
 * revision does not count. So etcd computes it since 3.5.16.
 *
 * @param hash unsigned 32 bits
 * @param compactRevision hashes of different ones cannot be compared
 * @param revision up to which it goes
 */
public record HistoryHash(int hash, long compactRevision, long revision) {

  static HistoryHash of(
      StorageEngine.View view, KeyIndex index, long compactRevision, long revision) {
    Set<Revision> kept = kept(index, compactRevision);
    CRC32C crc = new CRC32C();
    crc.update(Bucket.KEY.snapshotName().getBytes(StandardCharsets.UTF_8));
    byte[] end = new Revision(revision + 1, 0).encode(false);
    view.scan(
        Bucket.KEY,
        new byte[0],
        end,
        (key, value) -> {
          if (counts(key, compactRevision, kept)) {
            crc.update(key);
            crc.update(value);
          }
          return true;
        });
    return new HistoryHash((int) crc.getValue(), compactRevision, revision);
  }

  private static boolean counts(byte[] key, long compactRevision, Set<Revision> kept) {
    Revision at = Revision.decode(key);
    // With nothing kept etcd leaves nothing out; its hash is what ours is held against.
    if (at.main() <= compactRevision && !kept.isEmpty() && !kept.contains(at)) {
      return false;
    }
    return at.main() != compactRevision || !Revision.isTombstone(key);
  }

  private static Set<Revision> kept(KeyIndex index, long compactRevision) {
    Set<Revision> kept = new HashSet<>();
    if (compactRevision > 0) {
      index.visitAll((_, history) -> {
        Revision revision = history.hashedBy(compactRevision);
        if (revision != null) {
          kept.add(revision);
        }
        return true;
      });
    }
    return kept;
  }
}
