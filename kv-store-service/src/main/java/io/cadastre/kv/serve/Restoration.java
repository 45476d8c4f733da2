package io.cadastre.kv.serve;

import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.snapshot.SnapshotReader;
import io.cadastre.kv.snapshot.SnapshotRestore;
import io.cadastre.kv.state.Replica;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fills the directory of a member that is not there yet. */
public final class Restoration {

  private Restoration() {}

  /**
   * Fills it from a snapshot, of this server's or of etcd's. Who is started on it is of a new
   * cluster, alone or with others that were filled from the same.
   *
   * @throws IOException where there is something in the directory already
   */
  public static void restore(Path snapshot, Path dataDirectory) throws IOException {
    if (Files.exists(dataDirectory)) {
      throw new IOException(dataDirectory + " exists already (allowed: a new directory)");
    }
    try (SnapshotReader reader = new SnapshotReader(snapshot);
        DataDirectory directory = DataDirectory.open(dataDirectory);
        StorageEngine engine = Replica.openEngine(directory.store())) {
      SnapshotRestore.restore(reader, engine);
    }
  }
}
