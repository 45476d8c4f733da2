package io.cadastre.kv.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
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

  @Test
  @EnabledOnOs(OS.LINUX)
  void itsLibraryIsNoFileAnyMoreSoThatAKilledProcessLeavesNone() throws IOException {
    assertThat(Files.readAllLines(Path.of("/proc/self/maps")))
        .filteredOn(mapping -> mapping.contains("librocksdbjni"))
        .isNotEmpty()
        .allMatch(mapping -> mapping.endsWith(" (deleted)"));
  }

  @Test
  void closingDoesNotWaitUntilAllIsDefragmented() throws Exception {
    CompletableFuture<Void> done;
    try (StorageEngine engine = new RocksDbEngine(directory.resolve("closed"), BLOCK_CACHE_BYTES)) {
      Random random = new Random(1);
      for (int i = 0; i < 64; i++) {
        byte[] value = new byte[1 << 20];
        random.nextBytes(value);
        engine.write(new Changes().put(Bucket.KEY, new byte[] {(byte) i}, value));
      }
      done = CompletableFuture.runAsync(engine::defragment);
    }
    Throwable failure = done.handle((_, thrown) -> thrown).get(60, TimeUnit.SECONDS);
    if (failure != null) {
      assertThat(failure).hasCauseInstanceOf(StorageEngine.ClosedException.class);
    }
    try (StorageEngine engine = new RocksDbEngine(directory.resolve("closed"), BLOCK_CACHE_BYTES)) {
      assertThat(engine.get(Bucket.KEY, new byte[] {63})).hasSize(1 << 20);
    }
  }
}
