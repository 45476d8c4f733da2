package io.cadastre.kv.serve;

import static io.cadastre.kv.serve.TestCluster.LONG;
import static io.cadastre.kv.serve.TestCluster.bytes;
import static io.cadastre.kv.serve.TestCluster.done;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.AuthGrpc;
import io.cadastre.contracts.kv.AuthStatusRequest;
import io.cadastre.contracts.kv.AuthenticateRequest;
import io.cadastre.contracts.kv.WatchCreateRequest;
import io.etcd.jetcd.Watch;
import io.etcd.jetcd.options.LeaseOption;
import io.etcd.jetcd.options.PutOption;
import io.etcd.jetcd.options.WatchOption;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members as clients see them. */
class ClusterTest {

  @TempDir private Path directory;

  private TestCluster cluster;

  @BeforeEach
  void start() throws IOException {
    cluster = TestCluster.start(directory, false, 100_000, "a", "b", "c");
  }

  @AfterEach
  void stop() throws IOException {
    cluster.close();
  }

  @Test
  void whatIsWrittenThroughOneIsReadThroughEveryOther() throws Exception {
    for (String writer : cluster.names()) {
      cluster.put(writer, "key", writer);
      for (String reader : cluster.names()) {
        assertThat(cluster.get(reader, "key")).isEqualTo(writer);
      }
    }
    cluster.assertSameHistory();
  }

  @Test
  void whenTheLeaderIsKilledClientsOfTheOthersNoticeNothingButTheTime() throws Exception {
    String leader = cluster.leader();
    List<String> others = cluster.followers();
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger written = new AtomicInteger();
    Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    List<Thread> writers =
        others.stream()
            .map(name ->
                Thread.ofVirtual()
                    .start(() -> {
                      while (!enough.get()) {
                        try {
                          cluster.put(name, "count", Integer.toString(written.incrementAndGet()));
                        } catch (Exception e) {
                          failures.add(e);
                        }
                      }
                    }))
            .toList();
    await().atMost(LONG).until(() -> written.get() > 50);
    cluster.kill(leader);
    int before = written.get();
    await().atMost(LONG).until(() -> written.get() > before + 50);
    enough.set(true);
    for (Thread writer : writers) {
      writer.join();
    }
    assertThat(failures).isEmpty();
    // Nothing was done twice.
    long version =
        done(cluster.client(others.getFirst()).getKVClient().get(bytes("count")))
            .getKvs()
            .getFirst()
            .getVersion();
    assertThat(version).isEqualTo(written.get());
    cluster.start(leader);
    cluster.assertSameHistory();
  }

  @Test
  void nothingIsTakenWithoutAMajorityAndNothingIsLostWhenItReturns() throws Exception {
    cluster.put("a", "key", "1");
    List<String> gone = cluster.followers();
    String left = cluster.leader();
    for (String name : gone) {
      cluster.kill(name);
    }
    assertThatThrownBy(() -> cluster.put(left, "key", "2")).hasMessageContaining("etcdserver: ");
    assertThatNobodyHearsOfUsersFrom(left);
    for (String name : gone) {
      cluster.start(name);
    }
    assertThat(cluster.leader()).isNotEmpty();
    cluster.put(left, "other", "3");
    assertThat(cluster.get(gone.getFirst(), "other")).isEqualTo("3");
    cluster.assertSameHistory();
  }

  /** It does not know whether there are any by now. */
  private void assertThatNobodyHearsOfUsersFrom(String alone) {
    ManagedChannel channel = channel(alone);
    try {
      AuthGrpc.AuthBlockingStub auth =
          AuthGrpc.newBlockingStub(channel).withDeadlineAfter(1, TimeUnit.SECONDS);
      assertThatThrownBy(() -> auth.authenticate(AuthenticateRequest.getDefaultInstance()))
          .hasMessageMatching("(?s)(UNAVAILABLE|DEADLINE_EXCEEDED).*");
      assertThatThrownBy(() -> auth.authStatus(AuthStatusRequest.getDefaultInstance()))
          .hasMessageMatching("(?s)(UNAVAILABLE|DEADLINE_EXCEEDED).*");
    } finally {
      channel.shutdownNow();
    }
  }

  private ManagedChannel channel(String member) {
    InetAddress here = InetAddress.getLoopbackAddress();
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(here, cluster.server(member).port()))
        .usePlaintext()
        .build();
  }

  @Test
  void aWatchThatNeedsALeaderEndsWithoutOneAndNothingIsLeftOfIt() throws Exception {
    List<String> gone = cluster.followers();
    String left = cluster.leader();
    ManagedChannel channel = channel(left);
    try {
      TestWatch watch = TestWatch.withLeader(channel);
      watch.create(WatchCreateRequest.newBuilder().setKey(ByteString.copyFromUtf8("k")).build());
      await().atMost(LONG).until(() -> watch.created.get() == 1);
      assertThat(page(left, "/metrics")).contains("\netcd_debugging_mvcc_watcher_total 1\n");
      for (String name : gone) {
        cluster.kill(name);
      }
      await().atMost(LONG).until(() -> watch.end != null);
      assertThat(watch.end).isEqualTo("UNAVAILABLE: etcdserver: no leader");
      await()
          .atMost(LONG)
          .until(() -> page(left, "/metrics").contains("\netcd_debugging_mvcc_watcher_total 0\n"));
    } finally {
      channel.shutdownNow();
    }
  }

  private String page(String member, String path) throws IOException {
    try (InputStream in = URI.create(cluster.endpoint(member) + path).toURL().openStream()) {
      return new String(in.readAllBytes(), UTF_8);
    }
  }

  @Test
  void healthSaysThatNobodyLeadsAndThatSomebodyDoesAgain() throws Exception {
    List<String> gone = cluster.followers();
    String left = cluster.leader();
    for (String name : gone) {
      cluster.kill(name);
    }
    await()
        .atMost(LONG)
        .untilAsserted(() ->
            assertThat(answer(left, "/health"))
                .isEqualTo("503 {\"health\":\"false\",\"reason\":\"RAFT NO LEADER\"}\n"));
    assertThat(answer(left, "/readyz"))
        .startsWith("503 [+]data_corruption ok\n[+]serializable_read ok\n")
        .contains("\n[-]linearizable_read failed: etcdserver: ")
        .endsWith("\n[+]non_learner ok\nreadyz check failed\n");
    assertThat(answer(left, "/health?serializable=true")).startsWith("200 ");
    assertThat(answer(left, "/livez")).isEqualTo("200 ok\n");
    cluster.start(gone.getFirst());
    for (String path : List.of("/health", "/readyz")) {
      await().atMost(LONG).untilAsserted(() -> assertThat(answer(left, path)).startsWith("200 "));
    }
  }

  private String answer(String member, String path) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      URI uri = URI.create(cluster.endpoint(member) + path);
      HttpResponse<String> response =
          http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
      return response.statusCode() + " " + response.body();
    }
  }

  @Test
  void everythingIsThereWhenAllWereKilled() throws Exception {
    for (int i = 0; i < 20; i++) {
      cluster.put("b", "key" + i, "value" + i);
    }
    for (String name : List.of("a", "b", "c")) {
      cluster.kill(name);
    }
    for (String name : List.of("a", "b", "c")) {
      cluster.start(name);
    }
    for (int i = 0; i < 20; i++) {
      assertThat(cluster.get("c", "key" + i)).isEqualTo("value" + i);
    }
  }

  @Test
  void watchersOfAFollowerHearOfEveryChangeAcrossAChangeOfLeader() throws Exception {
    String leader = cluster.leader();
    String follower = cluster.followers().getFirst();
    Queue<String> heard = new ConcurrentLinkedQueue<>();
    try (Watch.Watcher _ =
        cluster
            .client(follower)
            .getWatchClient()
            .watch(
                bytes("w"),
                WatchOption.builder().isPrefix(true).withRevision(1).build(),
                response ->
                    response
                        .getEvents()
                        .forEach(
                            event -> heard.add(event.getKeyValue().getValue().toString(UTF_8))))) {
      cluster.put(leader, "w/1", "1");
      cluster.kill(leader);
      cluster.put(follower, "w/2", "2");
      await().atMost(LONG).untilAsserted(() -> assertThat(heard).containsExactly("1", "2"));
    }
  }

  @Test
  void leasesAreKeptAliveThroughAFollowerAndOutliveTheLeader() throws Exception {
    String leader = cluster.leader();
    String follower = cluster.followers().getFirst();
    var leases = cluster.client(follower).getLeaseClient();
    long kept = done(leases.grant(3)).getID();
    long left = done(leases.grant(3)).getID();
    var option = PutOption.builder();
    var kv = cluster.client(follower).getKVClient();
    done(kv.put(bytes("kept"), bytes("1"), option.withLeaseId(kept).build()));
    done(kv.put(bytes("left"), bytes("1"), option.withLeaseId(left).build()));
    assertThat(done(leases.timeToLive(kept, LeaseOption.DEFAULT)).getTTL()).isBetween(0L, 4L);
    AtomicBoolean enough = new AtomicBoolean();
    Thread keeping =
        Thread.ofVirtual()
            .start(() -> {
              while (!enough.get()) {
                try {
                  var _ = done(leases.keepAliveOnce(kept));
                } catch (Exception _) {
                  // The leader changes just now.
                }
              }
            });
    cluster.kill(leader);
    await()
        .atMost(LONG)
        .ignoreExceptions()
        .untilAsserted(() -> assertThat(cluster.get(follower, "left")).isEqualTo("-"));
    assertThat(cluster.get(follower, "kept")).isEqualTo("1");
    enough.set(true);
    keeping.join();
  }

  @Test
  void theLeadIsMovedByRequestAndHandedOverAtAStop() throws Exception {
    String leader = cluster.leader();
    String next = cluster.followers().getFirst();
    long target = cluster.status(next).getHeader().getMemberId();
    done(cluster.client(leader).getMaintenanceClient().moveLeader(target));
    assertThat(cluster.leader()).isEqualTo(next);
    assertThatThrownBy(() -> done(cluster.client(leader).getMaintenanceClient().moveLeader(target)))
        .hasMessageContaining("not leader");
    assertThatThrownBy(() -> done(cluster.client(next).getMaintenanceClient().moveLeader(1)))
        .hasMessageContaining("bad leader transferee");
    cluster.stop(next);
    assertThat(cluster.leader()).isNotEqualTo(next);
    cluster.put(leader, "key", "1");
  }

  @Test
  void whileOneMemberAfterTheOtherIsRestartedCallsToTheOthersNoticeNothing() throws Exception {
    int written = 0;
    for (String restarted : cluster.names()) {
      // The others have it until the next one goes.
      String through = cluster.names().stream().filter(it -> !it.equals(restarted)).toList().get(0);
      AtomicBoolean back = new AtomicBoolean();
      AtomicInteger puts = new AtomicInteger();
      Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
      Thread writer =
          Thread.ofVirtual()
              .start(() -> {
                while (!back.get()) {
                  try {
                    cluster.put(through, "count", Integer.toString(puts.incrementAndGet()));
                  } catch (Exception e) {
                    failures.add(e);
                  }
                }
              });
      await().atMost(LONG).until(() -> puts.get() > 10);
      cluster.stop(restarted);
      int before = puts.get();
      await().atMost(LONG).until(() -> puts.get() > before + 10);
      cluster.start(restarted);
      assertThat(cluster.leader()).isNotEmpty();
      back.set(true);
      writer.join();
      assertThat(failures).isEmpty();
      written += puts.get();
      cluster.assertSameHistory();
    }
    var found = done(cluster.client("a").getKVClient().get(bytes("count"))).getKvs().getFirst();
    assertThat(found.getVersion()).isEqualTo(written);
  }
}
