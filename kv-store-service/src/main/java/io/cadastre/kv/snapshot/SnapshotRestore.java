package io.cadastre.kv.snapshot;

import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.Changes;
import io.cadastre.kv.engine.StorageEngine;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Fills an empty engine from a snapshot of this server's or of etcd's.
 *
 * <p>Keys, leases and users come over. The members, the alarms and how far the log was do not: they
 * belong to the cluster that the snapshot was taken from.
 */
public final class SnapshotRestore {

  private static final int BATCH = 1_000;
  private static final List<Bucket> WHOLE =
      List.of(Bucket.KEY, Bucket.LEASE, Bucket.AUTH, Bucket.AUTH_USERS, Bucket.AUTH_ROLES);
  private static final Set<String> META = Set.of("scheduledCompactRev", "finishedCompactRev");

  private SnapshotRestore() {}

  /** Copies a snapshot into an engine and makes it durable. */
  public static void restore(SnapshotReader snapshot, StorageEngine engine) {
    for (Bucket bucket : WHOLE) {
      copy(snapshot, bucket, engine, false);
    }
    copy(snapshot, Bucket.META, engine, true);
    engine.flush();
  }

  private static void copy(
      SnapshotReader snapshot, Bucket bucket, StorageEngine engine, boolean onlyCompactions) {
    Changes[] batch = {new Changes()};
    snapshot.scan(
        bucket,
        (key, value) -> {
          if (!onlyCompactions || META.contains(new String(key, StandardCharsets.UTF_8))) {
            batch[0].put(bucket, key, value);
          }
          if (batch[0].size() == BATCH) {
            engine.write(batch[0]);
            batch[0] = new Changes();
          }
          return true;
        });
    if (!batch[0].isEmpty()) {
      engine.write(batch[0]);
    }
  }
}
