package io.cadastre.kv.mvcc;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What an engine held when it was opened.
 *
 * @param newestRevision 0 = nothing
 * @param compactRevision of the last compaction that was ordered
 * @param compactionUnfinished whether some of it is still to be reclaimed
 */
record Restored(long newestRevision, OptionalLong compactRevision, boolean compactionUnfinished) {

  static final byte[] SCHEDULED_COMPACTION = "scheduledCompactRev".getBytes(StandardCharsets.UTF_8);
  static final byte[] FINISHED_COMPACTION = "finishedCompactRev".getBytes(StandardCharsets.UTF_8);

  /** Reads all changes and enters them into an empty index. */
  static Restored from(StorageEngine engine, KeyIndex index, ObjLongConsumer<ByteString> leases) {
    long[] newest = {0};
    try (StorageEngine.View view = engine.view()) {
      view.scan(
          Bucket.KEY,
          new byte[0],
          null,
          (key, value) -> {
            newest[0] = restore(index, leases, key, value).main();
            return true;
          });
      OptionalLong scheduled = revision(view.get(Bucket.META, SCHEDULED_COMPACTION));
      OptionalLong finished = revision(view.get(Bucket.META, FINISHED_COMPACTION));
      return new Restored(newest[0], scheduled, !scheduled.equals(finished));
    }
  }

  private static Revision restore(
      KeyIndex index, ObjLongConsumer<ByteString> leases, byte[] key, byte[] value) {
    Revision revision = Revision.decode(key);
    KeyValue kv = MvccStore.parse(revision, value);
    KeyHistory history = index.getOrCreate(kv.getKey().toByteArray());
    if (Revision.isTombstone(key)) {
      history.delete(revision);
    } else {
      history.restorePut(revision, kv.getCreateRevision(), kv.getVersion());
    }
    leases.accept(kv.getKey(), kv.getLease());
    return revision;
  }

  private static OptionalLong revision(byte @Nullable [] encoded) {
    return encoded == null
        ? OptionalLong.empty()
        : OptionalLong.of(Revision.decode(encoded).main());
  }
}
