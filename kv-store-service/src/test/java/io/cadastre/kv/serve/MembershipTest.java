package io.cadastre.kv.serve;

import static io.cadastre.kv.serve.TestCluster.LONG;
import static io.cadastre.kv.serve.TestCluster.bytes;
import static io.cadastre.kv.serve.TestCluster.done;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Cluster;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.cluster.Member;
import io.etcd.jetcd.options.WatchOption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
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

  /** Of a MiB each: more than is copied between two times that the state is saved. */
  private static final int LARGE = 32;

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
    AtomicInteger heard = new AtomicInteger();
    try (Writing _ = startWhileWriting(late, writer);
        Watch.Watcher _ =
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
    cluster.assertSameHistory();
    // What it took up is there after a restart, too.
    cluster.kill(late);
    cluster.start(late);
    assertThat(cluster.get(late, "first")).isEqualTo("1");
    cluster.assertSameHistory();
  }

  @Test
  void whoTakesLongerToCopyTheStateThanItTakesToSaveTheNextCatchesUp() throws Exception {
    start(false, 5, "a", "b", "c");
    String late = cluster.followers().getFirst();
    String writer = cluster.leader();
    cluster.kill(late);
    Random random = new Random(1);
    byte[] large = new byte[1 << 20];
    for (int i = 0; i < LARGE; i++) {
      random.nextBytes(large);
      var _ =
          done(
              cluster
                  .client(writer)
                  .getKVClient()
                  .put(bytes("large" + i), ByteSequence.from(large)));
    }
    try (Writing _ = startWhileWriting(late, writer)) {
      assertThat(cluster.get(late, "large0")).isNotEqualTo("-");
    }
    cluster.assertSameHistory();
  }

  private Writing startWhileWriting(String late, String writer) throws IOException {
    Writing writing = new Writing(writer);
    cluster.start(late);
    return writing;
  }

  /** Somebody who writes all the time. */
  private final class Writing implements AutoCloseable {

    private final AtomicBoolean enough = new AtomicBoolean();
    private final CompletableFuture<Void> written;

    Writing(String through) {
      written = CompletableFuture.runAsync(() -> write(through), Thread::startVirtualThread);
    }

    private void write(String through) {
      for (int i = 0; !enough.get(); i++) {
        try {
          cluster.put(through, "more", Integer.toString(i));
        } catch (Exception e) {
          throw new IllegalStateException(e);
        }
      }
    }

    @Override
    public void close() {
      enough.set(true);
      Void _ = written.join();
    }
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
      Member added = cluster.add("a", name, false);
      URI url = URI.create(cluster.url(name));
      assertThat(added.getName()).isEmpty();
      cluster.join(name);
      assertThat(cluster.get(name, "key1")).isEqualTo("value1");
      await()
          .atMost(LONG)
          .until(() ->
              done(members.listMember()).getMembers().stream()
                  .anyMatch(each -> each.getId() == added.getId() && each.getName().equals(name)));
      await()
          .atMost(LONG)
          .untilAsserted(() ->
              assertThatThrownBy(() -> done(members.addMember(List.of(url))))
                  .hasMessageContaining("etcdserver: Peer URLs already exists"));
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
    Member learner = cluster.add("a", "b", true);
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
    var _ = TestCluster.whenHealthy(() -> cluster.client(left).getClusterClient().removeMember(id));
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

  @Test
  void whatCouldCostTheMajorityIsRefused() throws Exception {
    start(true, 100_000, "a", "b", "c");
    String down = cluster.followers().getFirst();
    String up = cluster.followers().getLast();
    long downId = cluster.status(down).getHeader().getMemberId();
    long upId = cluster.status(up).getHeader().getMemberId();
    Cluster members = cluster.client(up).getClusterClient();
    cluster.put(up, "key", "1");
    List<URI> url = List.of(URI.create("http://127.0.0.1:1"));
    cluster.kill(down);
    assertThatThrownBy(() -> done(members.removeMember(upId)))
        .hasMessageContaining("etcdserver: unhealthy cluster");
    assertThatThrownBy(() -> done(members.addMember(url)))
        .hasMessageContaining("etcdserver: unhealthy cluster");
    assertThatThrownBy(() -> done(members.addMember(url, true)))
        .hasMessageContaining("etcdserver: unhealthy cluster");
    // Who is down may go.
    done(members.removeMember(downId));
    assertThat(done(members.listMember()).getMembers()).hasSize(2);
  }

  @Test
  void oneThatIsAloneStaysAndBecomesTwoButNotThree() throws Exception {
    start(true, 100_000, "a");
    Cluster members = cluster.client("a").getClusterClient();
    long only = cluster.status("a").getHeader().getMemberId();
    cluster.put("a", "key", "1");
    assertThatThrownBy(() -> done(members.removeMember(only)))
        .hasMessageContaining(
            "etcdserver: re-configuration failed due to not enough started members");
    assertThatThrownBy(() -> done(members.removeMember(77)))
        .hasMessageContaining("etcdserver: member not found");
    assertThatThrownBy(
            () -> done(members.updateMember(77, List.of(URI.create("http://127.0.0.1:1")))))
        .hasMessageContaining("etcdserver: member not found");
    assertThatThrownBy(() -> done(members.updateMember(only, List.of(URI.create("ftp://x:1")))))
        .hasMessageContaining("etcdserver: given member URLs are invalid");
    assertThatThrownBy(() -> cluster.promote("a", 77))
        .hasMessageContaining("etcdserver: member not found");
    Member second = done(members.addMember(List.of(URI.create("http://127.0.0.1:1")))).getMember();
    assertThatThrownBy(() -> done(members.addMember(List.of(URI.create("http://127.0.0.1:2")))))
        .hasMessageContaining(
            "etcdserver: re-configuration failed due to not enough started members");
    done(members.removeMember(second.getId()));
    cluster.put("a", "key", "2");
  }

  @Test
  void aMemberIsFollowedToOtherAddressesWhileItRunsAndAfterARestart() throws Exception {
    start(false, 100_000, "a", "b", "c");
    String leader = cluster.leader();
    String moving = cluster.followers().getFirst();
    String other = cluster.followers().getLast();
    Cluster members = cluster.client(leader).getClusterClient();
    long id = cluster.status(moving).getHeader().getMemberId();
    URI taken = URI.create(cluster.url(other));
    assertThatThrownBy(() -> done(members.updateMember(id, List.of(taken))))
        .hasMessageContaining("etcdserver: Peer URLs already exists");
    // It runs on: nobody is at the first of them.
    URI nowhere = URI.create("http://127.0.0.1:1");
    URI present = URI.create(cluster.url(moving));
    done(members.updateMember(id, List.of(nowhere, present)));
    awaitAgreed(leader, moving, "1");
    cluster.stop(moving);
    URI elsewhere = URI.create(cluster.prepare(moving));
    done(members.updateMember(id, List.of(elsewhere)));
    cluster.start(moving);
    awaitAgreed(leader, moving, "2");
    // Who starts later finds it there, too.
    cluster.stop(other);
    cluster.start(other);
    awaitAgreed(moving, other, "3");
    assertThat(done(cluster.client(other).getClusterClient().listMember()).getMembers())
        .filteredOn(each -> each.getId() == id)
        .singleElement()
        .satisfies(each -> assertThat(each.getPeerURIs()).containsExactly(elsewhere));
    cluster.assertSameHistory();
  }

  private void awaitAgreed(String writer, String reader, String value) {
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .until(() -> {
          cluster.put(writer, "key", value);
          return cluster.get(reader, "key").equals(value);
        });
  }
}
