package io.cadastre.kv.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksDbEngineTest extends StorageEngineContract {

  private static final long BLOCK_CACHE_BYTES = 8 << 20;

  @TempDir Path directory;

  @Override
  StorageEngine open() {
    return new RocksDbEngine(directory.resolve("contract"), BLOCK_CACHE_BYTES);
  }

  @Test
  void whatWasFlushedIsThereAfterReopening() {
    byte[] key = "a".getBytes(UTF_8);
    Path home = directory.resolve("reopened");
    try (StorageEngine engine = new RocksDbEngine(home, BLOCK_CACHE_BYTES)) {
      engine.write(new Changes().put(Bucket.AUTH, key, key));
    }
    try (StorageEngine engine = new RocksDbEngine(home, BLOCK_CACHE_BYTES)) {
      assertThat(engine.get(Bucket.AUTH, key)).isEqualTo(key);
    }
  }
}
