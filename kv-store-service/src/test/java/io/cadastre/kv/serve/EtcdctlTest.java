package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cadastre.localservers.FreePort;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** A member as etcd's own tools see it, where they are installed. */
class EtcdctlTest {

  private static final Pattern HASH = Pattern.compile("\"hash\":(\\d+)");

  @TempDir private Path directory;

  private KvServer server;
  private Etcdctl etcdctl;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void start() throws IOException {
    assumeTrue(Etcdctl.isInstalled("etcdctl"), "etcdctl is not installed");
    server = KvServer.start(TestMember.settings(directory.resolve("data"), ClientSettings.DEFAULT));
    etcdctl = new Etcdctl("http://127.0.0.1:" + server.port());
  }

  @AfterEach
  void stop() throws IOException {
    started.forEach(Process::destroyForcibly);
    if (server != null) {
      etcdctl.close();
      server.close();
    }
  }

  @Test
  void theToolFindsEverythingAsItIsWithEtcd() throws Exception {
    assertThat(etcdctl.run("put", "a", "1")).isEqualTo("OK\n");
    assertThat(etcdctl.run("put", "a", "2", "--prev-kv")).isEqualTo("OK\na\n1\n");
    assertThat(etcdctl.run("get", "a")).isEqualTo("a\n2\n");
    assertThat(etcdctl.run("get", "a", "--rev=2", "--print-value-only")).isEqualTo("1\n");
    assertThat(etcdctl.reading("mod(\"a\") > \"0\"\n\nget a\n\nput a 3\n\n", "txn"))
        .contains("SUCCESS", "a\n2");
    assertThat(etcdctl.run("lease", "grant", "60")).contains("granted with TTL(60s)");
    assertThat(etcdctl.run("lease", "list")).startsWith("found 1 leases");
    assertThat(etcdctl.run("del", "a")).isEqualTo("1\n");
    assertThat(etcdctl.run("member", "list")).contains("started, m1");
    // That it is healthy it says on its other output; here it counts that it succeeds.
    assertThat(etcdctl.run("endpoint", "health")).isEmpty();
    assertThat(etcdctl.run("endpoint", "status", "-w", "json")).contains("\"version\":\"3.6.0\"");
    assertThat(etcdctl.run("alarm", "list")).isEmpty();
    assertThat(etcdctl.run("defrag")).contains("Finished defragmenting");
    assertThat(etcdctl.run("compact", "3")).isEqualTo("compacted revision 3\n");
    assertThat(etcdctl.run("lock", "name", "echo", "held")).isEqualTo("held\n");
  }

  @Test
  void dataMovesToEtcdWithTheSameHash() throws Exception {
    assumeTrue(Etcdctl.isInstalled("etcd"), "etcd is not installed");
    for (int i = 0; i < 30; i++) {
      etcdctl.run("put", "k" + i % 7, "v" + i);
    }
    etcdctl.run("del", "k3");
    String ours = hash(etcdctl.run("endpoint", "hashkv", "-w", "json"));
    Path file = directory.resolve("saved.db");
    etcdctl.run("snapshot", "save", file.toString());
    Path restored = directory.resolve("restored");
    etcdctl.run("snapshot", "restore", file.toString(), "--data-dir", restored.toString());
    String client = "http://127.0.0.1:" + FreePort.choose("member", 0);
    Etcdctl restoredCtl = new Etcdctl(client);
    String peer = "http://127.0.0.1:" + FreePort.choose("member", 0);
    started.add(
        new ProcessBuilder(
                "etcd",
                "--data-dir=" + restored,
                "--listen-client-urls=" + client,
                "--advertise-client-urls=" + client,
                "--listen-peer-urls=" + peer)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("etcd.log").toFile())
            .start());
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .untilAsserted(() ->
            assertThat(hash(restoredCtl.run("endpoint", "hashkv", "-w", "json"))).isEqualTo(ours));
  }

  @Test
  void watchesElectionsAndLeasesAreToldAsTheyHappen() throws Exception {
    try (BufferedReader watch =
            etcdctl.following("watch", "w", "--prefix", "--prev-kv", "--rev=1");
        BufferedReader election = etcdctl.following("elect", "e", "first")) {
      assertThat(election.readLine()).startsWith("e/");
      assertThat(election.readLine()).isEqualTo("first");
      etcdctl.run("put", "w1", "a");
      etcdctl.run("put", "w1", "b");
      etcdctl.run("del", "w1");
      List<String> told = new ArrayList<>();
      for (int i = 0; i < 13; i++) {
        told.add(watch.readLine());
      }
      assertThat(told)
          .containsExactly(
              "PUT", "w1", "a", "PUT", "w1", "a", "w1", "b", "DELETE", "w1", "b", "w1", "");
    }
    String granted = etcdctl.run("lease", "grant", "600");
    String lease = granted.split(" ", -1)[1];
    etcdctl.run("put", "leased", "x", "--lease=" + lease);
    assertThat(etcdctl.run("lease", "timetolive", lease, "--keys")).contains("[leased]");
    assertThat(etcdctl.run("lease", "keep-alive", "--once", lease)).contains("keepalived");
    assertThat(etcdctl.run("lease", "revoke", lease)).contains("revoked");
    assertThat(etcdctl.run("get", "leased")).isEmpty();
  }

  @Test
  void membersAlarmsAndHashesAreLookedAfter() throws Exception {
    String member = etcdctl.run("member", "list").split(",", -1)[0];
    assertThat(etcdctl.failing("member", "remove", member))
        .contains("re-configuration failed due to not enough started members");
    assertThat(etcdctl.run("member", "add", "m2", "--peer-urls=http://127.0.0.1:1", "--learner"))
        .contains("ETCD_INITIAL_CLUSTER_STATE=\"existing\"");
    String learner =
        etcdctl
            .run("member", "list")
            .lines()
            .filter(line -> line.contains("unstarted"))
            .findFirst()
            .orElseThrow()
            .split(",", -1)[0];
    assertThat(etcdctl.failing("member", "promote", learner)).contains("in sync with leader");
    assertThat(etcdctl.run("member", "update", learner, "--peer-urls=http://127.0.0.1:2"))
        .contains("updated in cluster");
    assertThat(etcdctl.failing("move-leader", learner)).contains("bad leader transferee");
    assertThat(etcdctl.run("member", "remove", learner)).contains("removed from cluster");
    etcdctl.run("put", "a", "1");
    assertThat(etcdctl.run("endpoint", "hashkv")).contains(", ");
    assertThat(etcdctl.run("endpoint", "status", "--cluster", "-w", "fields"))
        .contains("\"IsLearner\" : false");
    assertThat(etcdctl.run("alarm", "disarm")).isEmpty();
    Path file = directory.resolve("saved.db");
    assertThat(etcdctl.run("snapshot", "save", file.toString())).contains("Snapshot saved at");
    assertThat(etcdctl.run("snapshot", "status", file.toString(), "-w", "json"))
        .contains("\"revision\":2");
  }

  @Test
  void usersAndRolesAreKept() throws Exception {
    etcdctl.run("user", "add", "root:secret");
    etcdctl.run("user", "add", "alice:word");
    etcdctl.run("role", "add", "reader");
    etcdctl.run("role", "grant-permission", "reader", "read", "a", "--prefix=true");
    etcdctl.run("user", "grant-role", "alice", "reader");
    etcdctl.run("user", "grant-role", "root", "root");
    etcdctl.run("put", "a1", "1");
    assertThat(etcdctl.run("auth", "enable")).contains("Authentication Enabled");
    String endpoint = "http://127.0.0.1:" + server.port();
    try (Etcdctl alice = new Etcdctl(endpoint, "--user=alice:word");
        Etcdctl root = new Etcdctl(endpoint, "--user=root:secret")) {
      assertThat(alice.run("get", "a1")).isEqualTo("a1\n1\n");
      assertThat(alice.failing("put", "a1", "2")).contains("permission denied");
      assertThat(alice.failing("user", "list")).contains("permission denied");
      assertThat(etcdctl.failing("get", "a1")).contains("user name is empty");
      assertThat(root.run("user", "get", "alice")).contains("Roles: reader");
      assertThat(root.run("role", "list")).contains("reader");
      assertThat(root.run("auth", "disable")).contains("Authentication Disabled");
    }
    assertThat(etcdctl.run("user", "delete", "alice")).contains("deleted");
  }

  @Test
  @EnabledIfSystemProperty(named = "cadastre.kv.check-perf", matches = "true")
  void itIsFastEnoughForASmallCluster() throws Exception {
    assertThat(etcdctl.run("check", "perf", "--load=s")).doesNotContain("FAIL");
  }

  private static String hash(String json) {
    Matcher hash = HASH.matcher(json);
    assertThat(hash.find()).as(json).isTrue();
    return hash.group(1);
  }
}
