package io.cadastre.kv.serve;

import static io.cadastre.kv.serve.TestCluster.LONG;
import static io.cadastre.kv.serve.TestCluster.bytes;
import static io.cadastre.kv.serve.TestCluster.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.options.CompactOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Space that is given back. */
class DefragmentationTest {

  private static final int PUTS = 120;
  private static final int VALUE_BYTES = 64 << 10;

  @TempDir private Path directory;

  @Test
  void whatWasCompactedAwayIsGoneFromTheStatusAndFromTheDisk() throws Exception {
    // Saved once while all of it is there, and by the number of entries not again.
    try (TestCluster cluster = TestCluster.start(directory, false, PUTS - 10, "a")) {
      Client client = cluster.client("a");
      Random random = new Random(1);
      long revision = 0;
      for (int i = 0; i < PUTS; i++) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        ByteSequence key = bytes("key" + i % 2);
        revision =
            done(client.getKVClient().put(key, ByteSequence.from(value))).getHeader().getRevision();
      }
      awaiting().until(() -> tableBytes() > PUTS / 2 * VALUE_BYTES);
      CompactOption wait = CompactOption.builder().withCompactPhysical(true).build();
      var _ = done(client.getKVClient().compact(revision, wait));
      var _ = done(client.getMaintenanceClient().defragmentMember(cluster.endpoint("a")));
      assertThat(cluster.status("a").getDbSize()).isLessThan(10 * VALUE_BYTES);
      awaiting().until(() -> tableBytes() < 10 * VALUE_BYTES);
      assertThat(cluster.get("a", "key1")).hasSizeGreaterThan(VALUE_BYTES / 4);
    }
  }

  /** A table may be deleted while it is looked at. */
  private static ConditionFactory awaiting() {
    return await()
        .atMost(LONG)
        .ignoreExceptionsMatching(failure ->
            failure instanceof NoSuchFileException
                || failure.getCause() instanceof NoSuchFileException);
  }

  /** Of the store and of what was saved of it, each table once. */
  private long tableBytes() throws IOException {
    List<Path> tables;
    try (Stream<Path> files = Files.walk(directory)) {
      tables = files.filter(file -> file.toString().endsWith(".sst")).toList();
    }
    Map<Object, Long> sizes = new HashMap<>();
    for (Path table : tables) {
      sizes.put(Files.getAttribute(table, "unix:ino"), Files.size(table));
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }
}
