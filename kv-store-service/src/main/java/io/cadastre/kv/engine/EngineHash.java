package io.cadastre.kv.engine;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.zip.CRC32C;

/** A hash over all that an engine holds, but for what members may differ in. For tests. */
public final class EngineHash {

  private static final Set<String> OWN = Set.of("consistent_index", "term", "storageVersion");

  private EngineHash() {}

  /** CRC-32C of all buckets. */
  public static int of(StorageEngine engine) {
    CRC32C crc = new CRC32C();
    try (StorageEngine.View view = engine.view()) {
      for (Bucket bucket : Bucket.values()) {
        crc.update(bucket.snapshotName().getBytes(StandardCharsets.UTF_8));
        view.scan(
            bucket,
            new byte[0],
            null,
            (key, value) -> {
              if (bucket != Bucket.META || !OWN.contains(new String(key, StandardCharsets.UTF_8))) {
                crc.update(key);
                crc.update(value);
              }
              return true;
            });
      }
    }
    return (int) crc.getValue();
  }
}
