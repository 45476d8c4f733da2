package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.Changes;
import io.cadastre.kv.engine.EngineException;
import io.cadastre.kv.engine.RocksDbEngine;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.maintenance.AlarmType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a small disk of its own, which only root can mount. */
class FullDiskTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int DISK_MIB = 160;
  private static final int VALUE_BYTES = 64 << 10;
  private static final int SNAPSHOT_ENTRIES = 20;

  @TempDir private Path mountPoint;
  @TempDir private Path members;

  private final Random random = new Random(1);

  @BeforeEach
  void mount() throws Exception {
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=" + DISK_MIB + "m", "tmpfs", mountPoint.toString()),
        "may not mount a small disk");
  }

  @AfterEach
  void unmount() throws Exception {
    boolean _ = run("umount", mountPoint.toString());
  }

  @Test
  void writesAreRefusedAndTakenAgainAndNothingAcknowledgedIsLost() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    try (KvServer server = start();
        Client client = client(server)) {
      put(client, acknowledged);
      Path ballast = leaveFree(20);
      assertThatThrownBy(
              () -> {
                while (true) {
                  put(client, acknowledged);
                }
              })
          .hasMessageContaining("database space exceeded");
      check(client, acknowledged);
      awaitAlarms(client, 1);
      // What may free room is still taken.
      var _ =
          client.getKVClient().delete(bytes(acknowledged.removeFirst())).get(60, TimeUnit.SECONDS);
      Files.delete(ballast);
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .until(() -> {
            put(client, acknowledged);
            return true;
          });
      awaitAlarms(client, 0);
    }
    try (KvServer server = start();
        Client client = client(server)) {
      check(client, acknowledged);
      put(client, acknowledged);
    }
  }

  @Test
  void aMemberStartsWhereNoRoomIsLeftButWhatItKeptBack() throws Exception {
    List<String> acknowledged = new ArrayList<>();
    Path reserve = mountPoint.resolve("data/reserve");
    try (KvServer server = start();
        Client client = client(server)) {
      put(client, acknowledged);
      await().atMost(LONG).until(() -> Files.exists(reserve));
    }
    Path ballast = leaveFree(0);
    for (int i = 0; i < 2; i++) {
      try (KvServer server = start();
          Client client = client(server)) {
        check(client, acknowledged);
        awaitAlarms(client, 1);
        assertThatThrownBy(() -> put(client, acknowledged))
            .hasMessageContaining("database space exceeded");
      }
    }
    Files.delete(ballast);
    try (KvServer server = start();
        Client client = client(server)) {
      await().atMost(LONG).until(() -> Files.exists(reserve));
      // As any that outlived a restart, the alarm waits for somebody.
      for (var alarm : TestCluster.done(client.getMaintenanceClient().listAlarms()).getAlarms()) {
        var _ = TestCluster.done(client.getMaintenanceClient().alarmDisarm(alarm));
      }
      put(client, acknowledged);
      check(client, acknowledged);
    }
    Files.delete(reserve);
    Path _ = leaveFree(0);
    assertThatThrownBy(this::start)
        .isInstanceOf(IOException.class)
        .hasMessage(
            "data-dir: %s has 0 bytes left (needed to start: %d)",
            mountPoint.resolve("data"), 5 << 20);
  }

  @Test
  void aStoreThatCouldNotWriteItsFilesGoesOnWhenThereIsRoom() throws Exception {
    Path ballast = leaveFree(8);
    try (RocksDbEngine engine = new RocksDbEngine(mountPoint.resolve("store"), 1 << 20)) {
      byte[] value = new byte[1 << 20];
      random.nextBytes(value);
      for (int i = 0; i < 12; i++) {
        engine.write(change(i, value));
      }
      assertThatThrownBy(engine::flush).isInstanceOf(EngineException.class);
      CompletableFuture<Void> waits =
          CompletableFuture.runAsync(() -> engine.write(change(12, value)));
      await().atMost(LONG).until(() -> !engine.hasRoom());
      assertThat(engine.get(Bucket.KEY, key(3))).isEqualTo(value);
      assertThat(waits).isNotDone();
      Files.delete(ballast);
      waits.get(60, TimeUnit.SECONDS);
      assertThat(engine.hasRoom()).isTrue();
      engine.flush();
    }
    try (RocksDbEngine engine = new RocksDbEngine(mountPoint.resolve("store"), 1 << 20)) {
      assertThat(engine.get(Bucket.KEY, key(12))).isNotNull();
    }
  }

  @Test
  void aMemberWithNoRoomAtAllVotesAndFollows() throws Exception {
    try (TestCluster cluster = startWithSmallDiskOf("c")) {
      cluster.put("a", "before", "1");
      cluster.assertSameHistory();
      Path ballast = leaveFree(0);
      awaitAlarms(cluster.client("a"), 1);
      assertThatThrownBy(() -> cluster.put("b", "key", "1"))
          .hasMessageContaining("database space exceeded");
      String leader = cluster.leader();
      if (leader.equals("c")) {
        var _ =
            TestCluster.done(
                cluster.client("c").getMaintenanceClient().moveLeader(id(cluster, "a")));
        leader = "a";
      }
      String left = leader.equals("a") ? "b" : "a";
      cluster.kill(leader);
      // Nobody is elected without the vote of the member that has no room.
      assertThat(cluster.leader()).isNotEqualTo(leader);
      for (int i = 0; i < 2 * SNAPSHOT_ENTRIES; i++) {
        var _ =
            TestCluster.done(cluster.client(left).getKVClient().delete(TestCluster.bytes("no")));
      }
      assertThat(cluster.get(left, "before")).isEqualTo("1");
      assertThat(cluster.get("c", "before")).isEqualTo("1");
      Files.delete(ballast);
      await()
          .atMost(LONG)
          .ignoreExceptions()
          .until(() -> {
            cluster.put(left, "after", "1");
            return true;
          });
      cluster.start(leader);
      cluster.assertSameHistory();
      assertThat(cluster.server("c").isEnded()).isFalse();
    }
  }

  @Test
  void aMemberWithTooLittleRoomForWhatItMissedWaits() throws Exception {
    try (TestCluster cluster = startWithSmallDiskOf("c")) {
      cluster.put("a", "before", "1");
      cluster.assertSameHistory();
      cluster.kill("c");
      for (int i = 0; i < 6 * SNAPSHOT_ENTRIES; i++) {
        put(cluster.client("a"), new ArrayList<>());
      }
      Path ballast = leaveFree(6);
      cluster.start("c");
      awaitAlarms(cluster.client("a"), 1);
      await()
          .during(Duration.ofSeconds(3))
          .atMost(LONG)
          .until(() -> !cluster.server("c").isEnded());
      Files.delete(ballast);
      cluster.assertSameHistory();
      awaitAlarms(cluster.client("a"), 0);
    }
  }

  private TestCluster startWithSmallDiskOf(String name) throws IOException {
    Path _ = Files.createSymbolicLink(members.resolve(name), mountPoint);
    return TestCluster.start(members, false, SNAPSHOT_ENTRIES, "a", "b", "c");
  }

  private static long id(TestCluster cluster, String name) {
    return cluster.status(name).getHeader().getMemberId();
  }

  private static void awaitAlarms(Client client, int count) {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(TestCluster.done(client.getMaintenanceClient().listAlarms()).getAlarms())
                .hasSize(count)
                .allMatch(alarm -> alarm.getAlarmType() == AlarmType.NOSPACE));
  }

  private static Changes change(int number, byte[] value) {
    Changes changes = new Changes();
    changes.put(Bucket.KEY, key(number), value);
    return changes;
  }

  private static byte[] key(int number) {
    return ("key-" + number).getBytes(UTF_8);
  }

  private void put(Client client, List<String> acknowledged)
      throws InterruptedException, ExecutionException, java.util.concurrent.TimeoutException {
    byte[] value = new byte[VALUE_BYTES];
    random.nextBytes(value);
    String key = "key-" + random.nextLong();
    var _ =
        client.getKVClient().put(bytes(key), ByteSequence.from(value)).get(60, TimeUnit.SECONDS);
    acknowledged.add(key);
  }

  private static void check(Client client, List<String> acknowledged) throws Exception {
    for (String key : acknowledged) {
      assertThat(client.getKVClient().get(bytes(key)).get(60, TimeUnit.SECONDS).getCount())
          .as(key)
          .isEqualTo(1);
    }
  }

  private Path leaveFree(int mib) throws IOException {
    long free = Files.getFileStore(mountPoint).getUsableSpace();
    return Files.write(
        mountPoint.resolve("ballast"), new byte[Math.toIntExact(free - ((long) mib << 20))]);
  }

  private KvServer start() throws IOException {
    return KvServer.start(
        TestMember.settings(mountPoint.resolve("data"), Long.MAX_VALUE, ClientSettings.DEFAULT));
  }

  private static Client client(KvServer server) {
    return Client.builder().endpoints("http://127.0.0.1:" + server.port()).build();
  }

  private static ByteSequence bytes(String text) {
    return ByteSequence.from(text, UTF_8);
  }

  private static boolean run(String... command) throws Exception {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
