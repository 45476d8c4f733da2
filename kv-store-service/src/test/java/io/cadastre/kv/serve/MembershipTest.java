package io.cadastre.kv.serve;

import static io.cadastre.kv.serve.TestCluster.LONG;
import static io.cadastre.kv.serve.TestCluster.bytes;
import static io.cadastre.kv.serve.TestCluster.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.Cluster;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.cluster.Member;
import io.etcd.jetcd.options.WatchOption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Members that come, go, fall behind and catch up. */
class MembershipTest {

  private static final int MANY = 600;

  @TempDir private Path directory;

  private TestCluster cluster = TestCluster.none();

  @AfterEach
  void stop() throws IOException {
    cluster.close();
  }

  private void start(boolean memory, long snapshotEntries, String... names) throws IOException {
    cluster = TestCluster.start(directory, memory, snapshotEntries, names);
  }

  @Test
  void whoFellBehindTheLogCatchesUpByASnapshotWhileOthersWriteAndItsWatchersMissNothing()
      throws Exception {
    start(false, 100, "a", "b", "c");
    String late = cluster.followers().getFirst();
    String writer = cluster.leader();
    cluster.put(writer, "first", "1");
    cluster.kill(late);
    for (int i = 0; i < MANY; i++) {
      cluster.put(writer, "key" + i, "value" + i);
    }
    AtomicBoolean enough = new AtomicBoolean();
    Thread writing =
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; !enough.get(); i++) {
                try {
                  cluster.put(writer, "more", Integer.toString(i));
                } catch (Exception e) {
                  throw new IllegalStateException(e);
                }
              }
            });
    cluster.start(late);
    AtomicInteger heard = new AtomicInteger();
    try (Watch.Watcher _ =
        cluster
            .client(late)
            .getWatchClient()
            .watch(
                bytes("key"),
                WatchOption.builder().isPrefix(true).withRevision(2).build(),
                response -> heard.addAndGet(response.getEvents().size()))) {
      assertThat(cluster.get(late, "key" + (MANY - 1))).isEqualTo("value" + (MANY - 1));
      await().atMost(LONG).untilAtomic(heard, org.hamcrest.Matchers.equalTo(MANY));
    }
    enough.set(true);
    writing.join();
    cluster.assertSameHistory();
    // What it took up is there after a restart, too.
    cluster.kill(late);
    cluster.start(late);
    assertThat(cluster.get(late, "first")).isEqualTo("1");
    cluster.assertSameHistory();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneBecomesThreeByAdding(boolean memory) throws Exception {
    start(memory, 100, "a");
    for (int i = 0; i < MANY / 2; i++) {
      cluster.put("a", "key" + i, "value" + i);
    }
    Cluster members = cluster.client("a").getClusterClient();
    for (String name : List.of("b", "c")) {
      URI url = URI.create(cluster.prepare(name));
      Member added = done(members.addMember(List.of(url))).getMember();
      assertThat(added.getName()).isEmpty();
      cluster.join(name);
      assertThat(cluster.get(name, "key1")).isEqualTo("value1");
      await()
          .atMost(LONG)
          .until(() ->
              done(members.listMember()).getMembers().stream()
                  .anyMatch(each -> each.getId() == added.getId() && each.getName().equals(name)));
      assertThatThrownBy(() -> done(members.addMember(List.of(url))))
          .hasMessageContaining("already exist");
    }
    cluster.assertSameHistory();
    // Three that vote go on without any one of them.
    String leader = cluster.leader();
    String left = cluster.followers().getFirst();
    cluster.kill(leader);
    cluster.put(left, "key", "value");
    assertThat(cluster.get(left, "key")).isEqualTo("value");
  }

  @Test
  void aLearnerHearsAllAndVotesOnceItIsPromoted() throws Exception {
    start(false, 100_000, "a");
    cluster.put("a", "key", "1");
    Cluster members = cluster.client("a").getClusterClient();
    URI url = URI.create(cluster.prepare("b"));
    Member learner = done(members.addMember(List.of(url), true)).getMember();
    assertThat(learner.isLearner()).isTrue();
    assertThatThrownBy(
            () -> done(members.addMember(List.of(URI.create("http://127.0.0.1:1")), true)))
        .hasMessageContaining("too many learner members in cluster");
    assertThatThrownBy(() -> cluster.promote("a", learner.getId()))
        .hasMessageContaining("in sync with leader");
    cluster.join("b");
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThatThrownBy(() -> cluster.get("b", "key"))
                .hasMessageContaining("rpc not supported for learner"));
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> {
          cluster.promote("a", learner.getId());
          return true;
        });
    assertThatThrownBy(() -> cluster.promote("a", learner.getId()))
        .hasMessageContaining("can only promote a learner member");
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(cluster.get("b", "key")).isEqualTo("1"));
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> {
          var target = cluster.status("b").getHeader().getMemberId();
          var _ = done(cluster.client("a").getMaintenanceClient().moveLeader(target));
          return cluster.leader().equals("b");
        });
  }

  @Test
  void whoIsRemovedEndsAndMayNotComeBack() throws Exception {
    start(false, 100_000, "a", "b", "c");
    String removed = cluster.leader();
    String left = cluster.followers().getFirst();
    cluster.put(left, "key", "1");
    long id = cluster.status(removed).getHeader().getMemberId();
    await()
        .atMost(LONG)
        .until(() ->
            done(cluster.client(left).getClusterClient().listMember()).getMembers().stream()
                .noneMatch(each -> each.getName().isEmpty()));
    done(cluster.client(left).getClusterClient().removeMember(id));
    KvServer server = cluster.server(removed);
    await().atMost(LONG).until(server::isEnded);
    cluster.kill(removed);
    cluster.put(left, "key", "2");
    assertThat(done(cluster.client(left).getClusterClient().listMember()).getMembers()).hasSize(2);
    assertThatThrownBy(() -> cluster.start(removed))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("permanently removed");
    assertThatThrownBy(() -> done(cluster.client(left).getClusterClient().removeMember(id)))
        .hasMessageContaining("member not found");
  }
}
