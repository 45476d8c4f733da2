package io.cadastre.kv.serve;

import static io.cadastre.kv.serve.TestCluster.LONG;
import static io.cadastre.kv.serve.TestCluster.bytes;
import static io.cadastre.kv.serve.TestCluster.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cadastre.kv.engine.StorageEngine;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.KeyValue;
import io.etcd.jetcd.options.GetOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that change on the disk of one member, under its feet. */
class DiskDamageTest {

  private static final int KEYS = 200;
  private static final int VALUE_BYTES = 4 << 10;

  @TempDir private Path directory;

  private final Random random = new Random(1);

  @Test
  void aDamagedTableIsReportedAndNeverServed() throws Exception {
    try (TestCluster cluster = TestCluster.start(directory, false, 100_000, "a", "b", "c")) {
      Map<String, ByteSequence> written = fill(cluster);
      String odd = cluster.followers().getFirst();
      writeTables(cluster.server(odd).engine());
      long id = cluster.status(odd).getHeader().getMemberId();
      flip(largest(directory.resolve(odd).resolve("store"), ".sst"), 10);
      int refused = 0;
      for (Map.Entry<String, ByteSequence> each : written.entrySet()) {
        try {
          KeyValue found = read(cluster, odd, each.getKey());
          assertThat(found.getValue()).as(each.getKey()).isEqualTo(each.getValue());
        } catch (ExecutionException e) {
          assertThat(e).hasMessageContaining("this member's store: cannot read");
          refused++;
        }
      }
      assertThat(refused).isPositive();
      cluster.awaitCorrupt(id);
      assertThatThrownBy(() -> cluster.put("a", "key", "other"))
          .hasMessageContaining("corrupt cluster");
    }
  }

  @Test
  void damageIsFoundThatMemoryStillHides() throws Exception {
    try (TestCluster cluster = TestCluster.start(directory, false, 100_000, "a")) {
      Map<String, ByteSequence> written = fill(cluster);
      writeTables(cluster.server("a").engine());
      for (String key : written.keySet()) {
        assertThat(read(cluster, "a", key).getValue()).isEqualTo(written.get(key));
      }
      flip(largest(directory.resolve("a").resolve("store"), ".sst"), 10);
      cluster.awaitCorrupt(cluster.status("a").getHeader().getMemberId());
    }
  }

  @Test
  void aDamagedLogIsReportedBeforeItIsNeeded() throws Exception {
    try (TestCluster cluster = TestCluster.start(directory, false, 100_000, "a", "b", "c")) {
      var _ = fill(cluster);
      String odd = cluster.followers().getFirst();
      long id = cluster.status(odd).getHeader().getMemberId();
      Path log = directory.resolve(odd).resolve("raft").resolve("log");
      flip(log.resolve("0000000000000001.log"), VALUE_BYTES * KEYS / 2);
      cluster.awaitCorrupt(id);
      cluster.kill(odd);
      assertThatThrownBy(() -> cluster.start(odd))
          .hasMessageContaining("0000000000000001.log is damaged at byte");
    }
  }

  /**
   * Writes all to the disk, for good: what was only flushed RocksDB may write again as soon as
   * nobody reads what was before, and nobody would ever read the file that was damaged.
   */
  private static void writeTables(StorageEngine engine) {
    engine.flush();
    engine.defragment();
  }

  private Map<String, ByteSequence> fill(TestCluster cluster) throws Exception {
    Map<String, ByteSequence> written = new HashMap<>();
    for (int i = 0; i < KEYS; i++) {
      byte[] value = new byte[VALUE_BYTES];
      random.nextBytes(value);
      written.put("key" + i, ByteSequence.from(value));
      String key = "key" + i;
      await()
          .pollDelay(Duration.ZERO)
          .atMost(LONG)
          .ignoreExceptions()
          .until(() -> {
            var _ =
                done(cluster.client("a").getKVClient().put(bytes(key), ByteSequence.from(value)));
            return true;
          });
    }
    cluster.assertSameHistory();
    return written;
  }

  private static KeyValue read(TestCluster cluster, String member, String key) throws Exception {
    GetOption here = GetOption.builder().withSerializable(true).build();
    return done(cluster.client(member).getKVClient().get(bytes(key), here)).getKvs().getFirst();
  }

  private static Path largest(Path tree, String suffix) throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.walk(tree)) {
      files.filter(file -> file.toString().endsWith(suffix)).forEach(found::add);
    }
    found.sort(Comparator.comparing(file -> file.toFile().length()));
    return found.getLast();
  }

  private static void flip(Path file, int at) throws IOException {
    try (FileChannel open =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer one = ByteBuffer.allocate(1);
      int read = open.read(one, at);
      assertThat(read).isOne();
      one.put(0, (byte) (one.get(0) ^ 1)).flip();
      assertThat(open.write(one, at)).isOne();
    }
  }
}
