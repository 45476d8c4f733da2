package io.cadastre.kv.serve;

import static io.cadastre.kv.serve.TestCluster.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a member saves its state. */
final class SavedStateTest {

  private static final long ENTRIES = 300;

  @TempDir private Path directory;
  private TestCluster cluster = TestCluster.none();

  @AfterEach
  void stop() throws IOException {
    cluster.close();
  }

  @Test
  void afterARestartEntriesAreCountedFromTheLastTimeOn() throws Exception {
    cluster = TestCluster.start(directory, false, ENTRIES, "a");
    long first = writeUntilSavedAfter(0);
    cluster.stop("a");
    cluster.start("a");
    assertThat(writeUntilSavedAfter(first)).isGreaterThanOrEqualTo(first + ENTRIES);
  }

  private long writeUntilSavedAfter(long index) {
    await()
        .atMost(LONG)
        .pollDelay(java.time.Duration.ZERO)
        .pollInterval(java.time.Duration.ofMillis(1))
        .until(() -> {
          cluster.put("a", "key", "value");
          return saved() > index;
        });
    return saved();
  }

  /** The directories are called by the last entry in them. */
  private long saved() {
    try (Stream<Path> found = Files.list(directory.resolve("a/raft/snapshot"))) {
      return found
          .map(path -> path.getFileName().toString())
          .filter(name -> name.startsWith("snapshot_"))
          .mapToLong(name -> Long.parseLong(name.substring(name.indexOf('_') + 1)))
          .max()
          .orElse(0);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
