package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cadastre.kv.log.LogDamagedException;
import io.etcd.jetcd.options.GetOption;
import io.etcd.jetcd.options.LeaseOption;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What a member finds when it is started again. */
final class MemberFilesTest extends OneMember {

  @Test
  void aDirectoryThatLostItsMemberIsRefused() throws Exception {
    put("a", "1");
    server.close();
    Path member = directory.resolve("data").resolve("member");
    Path aside = Files.move(member, directory.resolve("aside"));
    assertThatThrownBy(() -> KvServer.start(settings(KvSettings.DEFAULT_QUOTA_BYTES)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing, beside the log of a member");
    Path _ = Files.move(aside, member);
    server = KvServer.start(settings(KvSettings.DEFAULT_QUOTA_BYTES));
    server.ready().join();
  }

  @Test
  void aLayoutThatIsNotKnownIsRefusedAndLeftAsItIs() throws Exception {
    put("a", "1");
    server.close();
    Path member = directory.resolve("data").resolve("member");
    String known = Files.readString(member);
    Files.writeString(member, known.replaceFirst("\\d+", "99"));
    assertThatThrownBy(() -> KvServer.start(settings(KvSettings.DEFAULT_QUOTA_BYTES)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(member + ": [cadastre-kv 99, ")
        .hasMessageContaining("(allowed: a directory of cadastre-kv ");
    Files.writeString(member, known);
    start(KvSettings.DEFAULT_QUOTA_BYTES);
    assertThat(get("a").getValue()).isEqualTo(bytes("1"));
  }

  @Test
  void damageOfTheLogStopsTheStart() throws Exception {
    put("a", "1");
    put("b", "2");
    server.close();
    Path log = directory.resolve("data/raft/log/0000000000000001.log");
    byte[] whole = Files.readAllBytes(log);
    byte[] damaged = whole.clone();
    Arrays.fill(damaged, 100, 110, (byte) 0);
    Files.write(log, damaged);
    assertThatThrownBy(() -> KvServer.start(settings(KvSettings.DEFAULT_QUOTA_BYTES)))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining(log + " is damaged at byte ");
    Files.write(log, whole);
    server = KvServer.start(settings(KvSettings.DEFAULT_QUOTA_BYTES));
    server.ready().join();
  }

  @Test
  void aLogThatEndsBeforeTheStoreDoesIsRefused() throws Exception {
    put("a", "1");
    server.close();
    Path log = directory.resolve("data/raft/log/0000000000000001.log");
    byte[] whole = Files.readAllBytes(log);
    Files.delete(log);
    assertThatThrownBy(() -> KvServer.start(settings(KvSettings.DEFAULT_QUOTA_BYTES)))
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining("but the store holds entry");
    Files.write(log, whole);
    server = KvServer.start(settings(KvSettings.DEFAULT_QUOTA_BYTES));
    server.ready().join();
  }

  @Test
  void everythingIsThereAfterARestart() throws Exception {
    for (int i = 0; i < 200; i++) {
      put("k" + i % 20, "v" + i);
    }
    done(client.getKVClient().compact(100));
    long lease = done(client.getLeaseClient().grant(600)).getID();
    var before = done(client.getMaintenanceClient().hashKV(endpoint(), 0));
    stop();
    start(KvSettings.DEFAULT_QUOTA_BYTES);
    var after = done(client.getMaintenanceClient().hashKV(endpoint(), 0));
    assertThat(after.getHash()).isEqualTo(before.getHash());
    assertThat(after.getHeader().getRevision()).isEqualTo(before.getHeader().getRevision());
    assertThat(done(client.getLeaseClient().timeToLive(lease, LeaseOption.DEFAULT)).getTTL())
        .isGreaterThan(500);
    refused(
        () ->
            done(
                client
                    .getKVClient()
                    .get(bytes("k1"), GetOption.builder().withRevision(99).build())),
        "mvcc: required revision has been compacted");
  }

  @Test
  void aMemberStartsFromASnapshot() throws Exception {
    for (int i = 0; i < 500; i++) {
      put("k" + i % 50, "v" + i);
    }
    Path file = directory.resolve("snapshot.db");
    try (OutputStream out = Files.newOutputStream(file)) {
      done(client.getMaintenanceClient().snapshot(out));
    }
    assertThat(Files.size(file) % 512).isEqualTo(32);
    var before = done(client.getMaintenanceClient().hashKV(endpoint(), 0));
    stop();
    Path data = directory.resolve("data");
    assertThatThrownBy(() -> Restoration.restore(file, data))
        .hasMessageContaining("exists already");
    Files.move(data, directory.resolve("old"));
    Restoration.restore(file, data);
    start(KvSettings.DEFAULT_QUOTA_BYTES);
    var after = done(client.getMaintenanceClient().hashKV(endpoint(), 0));
    assertThat(after.getHash()).isEqualTo(before.getHash());
    put("k1", "goes on");
    assertThat(get("k1").getModRevision()).isEqualTo(502);
  }

  @Test
  void withoutSpacePutsAreRefusedUntilTheAlarmIsTakenBack() throws Exception {
    stop();
    start(400_000);
    String value = "x".repeat(10_000);
    await()
        .atMost(LONG)
        .untilAsserted(() -> refused(() -> put("a", value), "mvcc: database space exceeded"));
    var alarms = done(client.getMaintenanceClient().listAlarms()).getAlarms();
    assertThat(alarms).hasSize(1);
    done(client.getKVClient().delete(bytes("a")));
    refused(() -> put("a", "small"), "mvcc: database space exceeded");
    stop();
    start(KvSettings.DEFAULT_QUOTA_BYTES);
    refused(() -> put("a", "small"), "mvcc: database space exceeded");
    done(client.getMaintenanceClient().alarmDisarm(alarms.getFirst()));
    put("a", "small");
  }

  @Test
  void aDirectoryIsUsedByOneProcessAtATime() {
    assertThatThrownBy(() -> KvServer.start(settings(KvSettings.DEFAULT_QUOTA_BYTES)))
        .satisfiesAnyOf(
            e -> assertThat(e).hasMessageContaining("in use"),
            e -> assertThat(e).isInstanceOf(java.nio.channels.OverlappingFileLockException.class));
  }
}
