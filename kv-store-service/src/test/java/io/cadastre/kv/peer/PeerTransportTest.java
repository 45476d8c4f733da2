package io.cadastre.kv.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.CliRequests;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.tls.TestAuthority;
import io.cadastre.kv.tls.TlsFiles;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

final class PeerTransportTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final PingRequest PING = PingRequest.newBuilder().setSendTimestamp(1).build();

  @TempDir private Path directory;
  @RegisterExtension final Opened opened = new Opened();

  @Test
  void aRequestIsAnswered() throws Exception {
    PeerServer server = server(0, null);
    RaftClient client = client(null);
    Endpoint peer = at(server);
    assertThat(client.checkConnection(peer)).isFalse();
    await().atMost(SOON).until(() -> client.checkConnection(peer, true));
    assertThat(client.invokeSync(peer, PING, 10_000)).isInstanceOf(ErrorResponse.class);
  }

  @Test
  void whoListensIsToldOfTheConnection() throws Exception {
    PeerServer server = server(0, null);
    PeerChannels channels = channels(null);
    CompletableFuture<Endpoint> connected = new CompletableFuture<>();
    channels.whenConnected(connected::complete);
    channels.link(at(server)).connect();
    assertThat(connected.get(30, TimeUnit.SECONDS)).isEqualTo(at(server));
  }

  @Test
  void requestsComeInTheOrderInWhichTheyAreSentAndEachHasItsOwnAnswer() throws Exception {
    PeerServer server = server(0, null);
    Queue<Long> seen = new ConcurrentLinkedQueue<>();
    List<Runnable> answers = new ArrayList<>();
    server.registerProcessor(
        new Processor<AppendEntriesRequest>(
            AppendEntriesRequest.class,
            (context, request) -> {
              seen.add(request.getTerm());
              answers.add(0, () -> context.sendResponse(appended(request.getTerm())));
              if (request.getTerm() == 99) {
                answers.forEach(Runnable::run);
              }
            }));
    RaftClient client = client(null);
    List<CompletableFuture<Object>> all = new ArrayList<>();
    for (long term = 0; term < 100; term++) {
      all.add(send(client, at(server), append(term, 10), 30_000));
    }
    for (int term = 0; term < 100; term++) {
      assertThat(all.get(term).get(30, TimeUnit.SECONDS)).isEqualTo(appended(term));
    }
    assertThat(List.copyOf(seen)).isSorted().hasSize(100);
  }

  @Test
  void whatIsNotAnsweredInTimeFailsAsThat() throws Exception {
    PeerServer server = server(0, null);
    server.registerProcessor(new Processor<PingRequest>(PingRequest.class, (_, _) -> {}));
    RaftClient client = client(null);
    assertThat(send(client, at(server), PING, 200))
        .failsWithin(SOON)
        .withThrowableThat()
        .withCauseInstanceOf(InvokeTimeoutException.class);
  }

  @Test
  void aMemberThatIsGoneFailsItsCallsAndIsFoundAgain() throws Exception {
    PeerServer server = server(0, null);
    server.registerProcessor(new Processor<PingRequest>(PingRequest.class, (_, _) -> {}));
    RaftClient client = client(null);
    Endpoint peer = at(server);
    await().atMost(SOON).until(() -> client.checkConnection(peer, true));
    CompletableFuture<Object> waiting = send(client, peer, PING, 60_000);
    server.shutdown();
    assertThat(waiting)
        .failsWithin(SOON)
        .withThrowableThat()
        .withCauseInstanceOf(RemotingException.class);
    await().atMost(SOON).until(() -> !client.checkConnection(peer, true));
    PeerServer again = server(peer.getPort(), null);
    await().atMost(SOON).until(() -> client.checkConnection(peer, true));
    assertThat(client.invokeSync(at(again), PING, 10_000)).isInstanceOf(ErrorResponse.class);
  }

  @Test
  void nobodyListeningIsNotWaitedFor() throws Exception {
    PeerServer server = server(0, null);
    Endpoint peer = at(server);
    server.shutdown();
    RaftClient client = client(null);
    assertThatThrownBy(() -> client.invokeSync(peer, PING, 60_000))
        .isInstanceOf(RemotingException.class);
  }

  @Test
  void garbageOnThePortHarmsNobodyElse() throws Exception {
    PeerServer server = server(0, null);
    RaftClient client = client(null);
    await().atMost(SOON).until(() -> client.checkConnection(at(server), true));
    byte[] garbage = new byte[100_000];
    new Random(7).nextBytes(garbage);
    for (int i = 0; i < 20; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.boundPort())) {
        socket.getOutputStream().write(garbage, i, garbage.length - i);
      } catch (IOException _) {
        // It hung up.
      }
    }
    assertThat(client.invokeSync(at(server), PING, 10_000)).isInstanceOf(ErrorResponse.class);
  }

  @Test
  void messagesThatAreTooLargeAreRefused() throws Exception {
    PeerServer server = server(0, null);
    server.registerProcessor(
        new Processor<AppendEntriesRequest>(
            AppendEntriesRequest.class, (context, _) -> context.sendResponse(appended(1))));
    RaftClient client = client(null);
    Endpoint peer = at(server);
    assertThat(send(client, peer, append(1, 2 << 20), 30_000)).succeedsWithin(SOON);
    assertThat(send(client, peer, append(1, 9 << 20), 30_000))
        .failsWithin(SOON)
        .withThrowableThat()
        .withCauseInstanceOf(RemotingException.class);
    await().atMost(SOON).until(() -> client.checkConnection(peer, true));
  }

  @Test
  void administrationIsNotReachable() throws Exception {
    PeerServer server = server(0, null);
    assertThatThrownBy(() ->
            server.registerProcessor(
                new Processor<CliRequests.ResetPeerRequest>(
                    CliRequests.ResetPeerRequest.class, (_, _) -> {})))
        .isInstanceOf(IllegalArgumentException.class);
    RaftClient client = client(null);
    // An answer is no request either.
    assertThat(send(client, at(server), appended(1), 30_000))
        .failsWithin(SOON)
        .withThrowableThat()
        .withMessageContaining("UNIMPLEMENTED");
  }

  @Test
  void ourOwnCallsShareThePort() throws Exception {
    PeerServer server = server(0, null);
    PeerChannels channels = channels(null);
    URI url = URI.create("http://127.0.0.1:" + server.boundPort());
    assertThat(
            HealthGrpc.newBlockingStub(channels.to(url))
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .check(HealthCheckRequest.getDefaultInstance())
                .getStatus())
        .isEqualTo(ServingStatus.SERVING);
  }

  @Test
  void membersOfOneAuthorityTrustEachOther() throws Exception {
    TestAuthority authority = new TestAuthority(directory.resolve("own"));
    PeerServer server = server(0, authority.issue("m1"));
    RaftClient client = client(authority.issue("m2"));
    await().atMost(SOON).until(() -> client.checkConnection(at(server), true));
    assertThat(client.invokeSync(at(server), PING, 10_000)).isInstanceOf(ErrorResponse.class);
  }

  @Test
  void whoShowsNoCertificateOrAForeignOneIsRefused() throws Exception {
    TestAuthority authority = new TestAuthority(directory.resolve("own"));
    TestAuthority foreign = new TestAuthority(directory.resolve("foreign"));
    PeerServer server = server(0, authority.issue("m1"));
    TlsFiles stranger = foreign.issue("stranger");
    TlsFiles trusting =
        new TlsFiles(stranger.certificates(), stranger.key(), authority.authorities(), true);
    for (@Nullable TlsFiles files : new TlsFiles[] {trusting, null}) {
      assertThat(send(client(files), at(server), PING, 20_000))
          .failsWithin(SOON)
          .withThrowableThat()
          .withCauseInstanceOf(RemotingException.class);
    }
  }

  @Test
  void aMemberThatIsNotWhereItsCertificateSaysIsRefused() throws Exception {
    TestAuthority authority = new TestAuthority(directory.resolve("own"));
    PeerServer server = server(0, authority.issue("m1", "127.0.0.9", "elsewhere.example"));
    assertThat(send(client(authority.issue("m2")), at(server), PING, 20_000))
        .failsWithin(SOON)
        .withThrowableThat()
        .withCauseInstanceOf(RemotingException.class);
  }

  @Test
  void newCertificatesAreTakenWithoutARestart() throws Exception {
    TestAuthority old = new TestAuthority(directory.resolve("old"));
    TestAuthority later = new TestAuthority(directory.resolve("new"));
    TlsFiles served = old.issue("m1");
    PeerServer server = server(0, served);
    TlsFiles renewed = later.issue("longer-name-than-before");
    for (Path[] each :
        new Path[][] {
          {renewed.certificates(), served.certificates()},
          {renewed.key(), served.key()},
          {later.authorities(), old.authorities()}
        }) {
      Files.copy(each[0], each[1], StandardCopyOption.REPLACE_EXISTING);
    }
    RaftClient client = client(later.issue("m2"));
    await().atMost(SOON).until(() -> client.checkConnection(at(server), true));
  }

  private PeerServer server(int port, @Nullable TlsFiles tls) throws IOException {
    return opened.server(
        port, tls, ConnectionLimits.ofMembers(), new HealthStatusManager().getHealthService());
  }

  private PeerChannels channels(@Nullable TlsFiles tls) throws IOException {
    return opened.add(new PeerChannels(tls));
  }

  private RaftClient client(@Nullable TlsFiles tls) throws IOException {
    RaftClient client = new RaftClient();
    client.use(channels(tls));
    return client;
  }

  private static Endpoint at(PeerServer server) {
    return new Endpoint("127.0.0.1", server.boundPort());
  }

  private static AppendEntriesRequest append(long term, int bytes) {
    return AppendEntriesRequest.newBuilder()
        .setGroupId("g")
        .setServerId("s")
        .setPeerId("p")
        .setTerm(term)
        .setPrevLogTerm(0)
        .setPrevLogIndex(0)
        .setCommittedIndex(0)
        .setData(ByteString.copyFrom(new byte[bytes]))
        .build();
  }

  private static AppendEntriesResponse appended(long term) {
    return AppendEntriesResponse.newBuilder().setTerm(term).setSuccess(true).build();
  }

  private static CompletableFuture<Object> send(
      RaftClient client, Endpoint peer, Message request, long timeoutMillis) {
    CompletableFuture<Object> answer = new CompletableFuture<>();
    InvokeCallback callback =
        (result, failure) -> {
          if (failure == null) {
            answer.complete(result);
          } else {
            answer.completeExceptionally(failure);
          }
        };
    try {
      client.invokeAsync(peer, request, callback, timeoutMillis);
    } catch (InterruptedException | RemotingException e) {
      answer.completeExceptionally(e);
    }
    return answer;
  }

  private record Processor<T extends Message>(Class<T> type, BiConsumer<RpcContext, T> handling)
      implements RpcProcessor<T> {

    @Override
    public void handleRequest(RpcContext context, T request) {
      handling.accept(context, request);
    }

    @Override
    public String interest() {
      return type.getName();
    }
  }
}
