package io.cadastre.kv.raft;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.PutResponse;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.contracts.kv.peer.ForwardRequest;
import io.cadastre.contracts.kv.peer.ForwardResponse;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.auth.Tokens;
import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.mvcc.Transaction;
import io.cadastre.kv.peer.PeerChannels;
import io.cadastre.kv.peer.PeerServer;
import io.cadastre.kv.state.Replica;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three members; of the commands that they forward, requests and answers get lost. */
final class LostForwardsTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int PUTS = 150;
  private static final int TOGETHER = 10;

  @TempDir private Path directory;

  private final Map<Long, InetSocketAddress> addresses = new TreeMap<>();
  private final Map<Long, One> members = new ConcurrentSkipListMap<>();
  private final AtomicInteger forwarded = new AtomicInteger();

  @BeforeEach
  void start() throws IOException {
    for (long id = 1; id <= 3; id++) {
      PeerServer server = server();
      addresses.put(
          id, new InetSocketAddress(InetAddress.getLoopbackAddress(), server.boundPort()));
      members.put(id, new One(id, server));
    }
    for (One member : members.values()) {
      member.start();
    }
  }

  @AfterEach
  void stop() throws IOException {
    for (One member : members.values()) {
      member.stop();
    }
  }

  @Test
  void commandsAreAppliedOnceThoughRequestsAndAnswersGetLost() throws Exception {
    One follower = follower();
    for (int i = 0; i < PUTS; i += TOGETHER) {
      List<CompletableFuture<Message>> answers = follower.put(TOGETHER);
      for (CompletableFuture<Message> answer : answers) {
        assertThat(done(answer)).isInstanceOf(PutResponse.class);
      }
    }
    assertThat(follower.version()).isEqualTo(PUTS);
    assertThat(forwarded.get()).isGreaterThan(PUTS / TOGETHER);
  }

  @Test
  void commandsAreAppliedOnceThoughTheirLeaderIsKilledToo() throws Exception {
    One follower = follower();
    List<CompletableFuture<Message>> answers = new ArrayList<>();
    for (int i = 0; i < PUTS; i += TOGETHER) {
      answers.addAll(follower.put(TOGETHER));
      if (i == PUTS / 2 / TOGETHER * TOGETHER) {
        One leader = leader();
        One _ = members.remove(leader.id);
        leader.stop();
      }
    }
    for (CompletableFuture<Message> answer : answers) {
      assertThat(done(answer)).isInstanceOf(PutResponse.class);
    }
    assertThat(follower.version()).isEqualTo(PUTS);
  }

  private static <T> T done(CompletableFuture<T> future) throws Exception {
    return future.get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  private One leader() {
    await()
        .atMost(LONG)
        .until(() -> members.values().stream().anyMatch(one -> one.raft().standing().leading()));
    return members.values().stream()
        .filter(one -> one.raft().standing().leading())
        .findFirst()
        .orElseThrow();
  }

  private One follower() {
    long leader = leader().id;
    One follower =
        members.values().stream().filter(one -> one.id != leader).findFirst().orElseThrow();
    await().atMost(LONG).until(() -> follower.raft().standing().leader() == leader);
    return follower;
  }

  private static PeerServer server() throws IOException {
    PeerServer server =
        new PeerServer(
            List.of(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
            null,
            ConnectionLimits.ofMembers(),
            List.of());
    boolean _ = server.init(null);
    return server;
  }

  private final class One implements Others, RaftMember.Listener {

    private final long id;
    private final PeerServer server;
    private final PeerChannels channels;
    private final Replica replica;
    private final CompletableFuture<RaftMember> raft = new CompletableFuture<>();

    One(long id, PeerServer server) throws IOException {
      this.id = id;
      this.server = server;
      channels = new PeerChannels(null, One.this::address);
      replica =
          new Replica(null, new Tokens(Duration.ofMinutes(1), System::nanoTime), System::nanoTime);
    }

    private Endpoint address(Endpoint named) {
      InetSocketAddress address =
          Objects.requireNonNull(addresses.get(PeerIds.member(named)), "no such member");
      return new Endpoint(address.getHostString(), address.getPort());
    }

    void start() throws IOException {
      List<Member> all =
          addresses.keySet().stream().map(each -> Member.newBuilder().setID(each).build()).toList();
      RaftSettings settings =
          new RaftSettings(
              9,
              id,
              List.copyOf(addresses.keySet()),
              directory.resolve(Long.toString(id)),
              true,
              Duration.ofMillis(500),
              Duration.ofMillis(50),
              100_000);
      boolean _ =
          raft.complete(new RaftMember(settings, all, replica, channels, this, Turns.NONE, this));
    }

    RaftMember raft() {
      return raft.join();
    }

    void stop() throws IOException {
      server.shutdown();
      channels.close();
      raft().close();
      replica.close();
    }

    List<CompletableFuture<Message>> put(int count) {
      List<CompletableFuture<Message>> answers = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        answers.add(put());
      }
      return answers;
    }

    private CompletableFuture<Message> put() {
      ByteString text = ByteString.copyFrom("key", UTF_8);
      PutRequest put = PutRequest.newBuilder().setKey(text).setValue(text).setPrevKv(true).build();
      return raft()
          .propose(
              Command.newBuilder()
                  .setUser(Caller.SERVER.user())
                  .setAuthRevision(Caller.SERVER.authRevision())
                  .setPut(put));
    }

    /** How often the key was put. */
    long version() throws Exception {
      return ((PutResponse) done(put())).getPrevKv().getVersion();
    }

    /** Every third gets lost on the way, every third on the way back. */
    @Override
    public CompletableFuture<ForwardResponse> forward(long member, ForwardRequest request) {
      IOException lost = new IOException("lost");
      One target = members.get(member);
      int number = forwarded.getAndIncrement() % 3;
      if (target == null || number == 0) {
        return CompletableFuture.failedFuture(lost);
      }
      CompletableFuture<ForwardResponse> answer = target.raft().accept(request);
      return number == 1 ? answer.thenCompose(_ -> CompletableFuture.failedFuture(lost)) : answer;
    }

    @Override
    public CompletableFuture<Long> appliedIndex(long member) {
      One other = members.get(member);
      return other != null
          ? CompletableFuture.completedFuture(other.replica.current().appliedIndex())
          : CompletableFuture.failedFuture(new IOException("gone"));
    }

    @Override
    public void committed(List<Transaction> transactions) {
      // Nobody watches.
    }

    @Override
    public void replaced() {
      // Nobody watches.
    }

    @Override
    public void stands(Standing standing) {
      // It is asked.
    }
  }
}
