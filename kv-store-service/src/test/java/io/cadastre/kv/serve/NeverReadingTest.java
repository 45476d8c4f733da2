package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.LeaseGrpc;
import io.cadastre.contracts.kv.LeaseKeepAliveRequest;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.SnapshotRequest;
import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchGrpc;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.kv.connection.ConnectionLimits;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients that ask for much and then take nothing any more, not even from the operating system.
 * What is made for them stays little, others are served meanwhile, and in the end they are cut off.
 */
final class NeverReadingTest {

  private static final int VALUES = 400;
  private static final int VALUE_BYTES = 100_000;
  private static final int KEEP_ALIVES = 200_000;
  private static final int PIPELINED = 200;

  /** What may lie in the sockets and in front of them: a small part of what there is. */
  private static final double MOST_EVENTS = VALUES / 2.0;

  /** The same in pieces of 32 KiB. */
  private static final double MOST_PIECES = 3 * MOST_EVENTS;

  private static final String SENT = "grpc_server_msg_sent_total";

  /** From l to m, in base64. */
  private static final String LARGE = "\"key\":\"bA==\",\"range_end\":\"bQ==\"";

  @TempDir private static Path directory;
  private static KvServer server;
  private static ManagedChannel others;

  @BeforeAll
  static void start() throws IOException {
    ConnectionLimits limits =
        new ConnectionLimits(
            100,
            1_000,
            32 << 20,
            Duration.ofSeconds(10),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    server = KvServer.start(TestMember.settings(directory, TestMember.clients(limits)));
    others = channel(server.port());
    for (int i = 0; i < VALUES; i++) {
      put("large/" + i);
    }
  }

  @AfterAll
  static void stop() throws IOException {
    others.shutdownNow();
    server.close();
  }

  @Test
  void streamsOfGrpcEndAndLeaveNothing() throws Exception {
    double watched = count(SENT, "Watch");
    double saved = count(SENT, "Snapshot");
    try (Deaf keeping = new Deaf();
        Deaf watching = new Deaf();
        Deaf saving = new Deaf()) {
      var keep = keeping.call(LeaseGrpc.getLeaseKeepAliveMethod());
      keep.sendMessage(LeaseKeepAliveRequest.newBuilder().setID(1).build());
      var watch = watching.call(WatchGrpc.getWatchMethod());
      watch.sendMessage(WatchRequest.newBuilder().setCreateRequest(large()).build());
      var save = saving.call(MaintenanceGrpc.getSnapshotMethod());
      save.sendMessage(SnapshotRequest.getDefaultInstance());
      save.halfClose();
      for (Deaf each : List.of(keeping, watching, saving)) {
        each.takeNothingMore();
      }
      watch.sendMessage(WatchRequest.newBuilder().setCreateRequest(large()).build());
      for (int i = 0; i < KEEP_ALIVES && keeping.isOpen(); i++) {
        keep.sendMessage(LeaseKeepAliveRequest.newBuilder().setID(1).build());
      }
      othersAreServedUntilTheyAreOver("LeaseKeepAlive", "Watch", "Snapshot");
    }
    assertThat(count(SENT, "Watch") - watched).isBetween(1.0, MOST_EVENTS);
    assertThat(count(SENT, "Snapshot") - saved).isBetween(1.0, MOST_PIECES);
    awaitNothingLeft();
  }

  @Test
  void streamsOfJsonEndAndLeaveNothing() throws Exception {
    double watched = count(SENT, "Watch");
    double saved = count(SENT, "Snapshot");
    try (Socket watching = socket();
        Socket saving = socket()) {
      String watch = "{\"create_request\":{" + LARGE + ",\"start_revision\":\"1\"}}";
      ask(watching, http("POST /v3/watch", watch));
      ask(saving, http("POST /v3/maintenance/snapshot", "{}"));
      await()
          .atMost(TestCluster.LONG)
          .until(() -> count(SENT, "Watch") > watched && count(SENT, "Snapshot") > saved);
      othersAreServedUntilTheyAreOver("Watch", "Snapshot");
    }
    assertThat(count(SENT, "Watch") - watched).isLessThan(MOST_EVENTS);
    assertThat(count(SENT, "Snapshot") - saved).isLessThan(MOST_PIECES);
    awaitNothingLeft();
  }

  @Test
  void noRequestIsAnsweredBeforeTheAnswerBeforeItIsTaken() throws Exception {
    double before = count("grpc_server_started_total", "Range");
    try (Socket socket = socket()) {
      ask(socket, http("POST /v3/kv/range", "{" + LARGE + "}").repeat(PIPELINED));
      await()
          .atMost(TestCluster.LONG)
          .until(() -> count("grpc_server_started_total", "Range") > before);
      awaitHungUp(socket);
    }
    // One answer is larger than all that sockets hold.
    assertThat(count("grpc_server_started_total", "Range") - before).isEqualTo(1);
  }

  /** A connection that is gone takes no more bytes. */
  private static void awaitHungUp(Socket socket) {
    await()
        .atMost(TestCluster.LONG)
        .until(() -> {
          try {
            socket.getOutputStream().write('\n');
            return false;
          } catch (IOException _) {
            return true;
          }
        });
  }

  private static void othersAreServedUntilTheyAreOver(String... methods) {
    await()
        .atMost(TestCluster.LONG)
        .until(() -> {
          put("other");
          for (String method : methods) {
            if (count("grpc_server_started_total", method)
                > count("grpc_server_handled_total", method)) {
              return false;
            }
          }
          return true;
        });
  }

  private static void awaitNothingLeft() {
    await().atMost(TestCluster.LONG).until(() -> sum("etcd_debugging_mvcc_watcher_total") == 0);
    await()
        .atMost(TestCluster.LONG)
        .until(() -> {
          try (Stream<Path> files = Files.list(directory.resolve("scratch"))) {
            return files.findAny().isEmpty();
          }
        });
  }

  private static WatchCreateRequest large() {
    return WatchCreateRequest.newBuilder()
        .setKey(ByteString.copyFromUtf8("l"))
        .setRangeEnd(ByteString.copyFromUtf8("m"))
        .setStartRevision(1)
        .build();
  }

  /** A value does not shrink in a snapshot. */
  private static void put(String key) {
    byte[] value = new byte[key.startsWith("large") ? VALUE_BYTES : 1];
    new Random(key.hashCode()).nextBytes(value);
    var _ =
        KVGrpc.newBlockingStub(others)
            .withDeadlineAfter(10, TimeUnit.SECONDS)
            .put(
                PutRequest.newBuilder()
                    .setKey(ByteString.copyFromUtf8(key))
                    .setValue(ByteString.copyFrom(value))
                    .build());
  }

  private static String http(String line, String body) {
    return line + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  private static void ask(Socket socket, String requests) throws IOException {
    socket.getOutputStream().write(requests.getBytes(UTF_8));
  }

  private static Socket socket() throws IOException {
    Socket socket = new Socket();
    socket.setReceiveBufferSize(16 << 10);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()));
    return socket;
  }

  /** Of a method, under all codes. */
  private static double count(String metric, String method) throws IOException {
    return sum(metric + "\\{[^}]*grpc_method=\"" + method + "\"[^}]*\\}");
  }

  private static double sum(String sample) throws IOException {
    URI page = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
    try (InputStream in = page.toURL().openStream()) {
      Matcher found =
          Pattern.compile("(?m)^" + sample + " (\\S+)$")
              .matcher(new String(in.readAllBytes(), UTF_8));
      double sum = 0;
      while (found.find()) {
        sum += Double.parseDouble(found.group(1));
      }
      return sum;
    }
  }

  private static ManagedChannel channel(int port) {
    return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
  }

  /** A client whose connection takes nothing any more. */
  private static final class Deaf implements AutoCloseable {

    private final DeafProxy proxy = new DeafProxy(server.port());
    private final ManagedChannel channel = channel(proxy.port());
    private final AtomicInteger received = new AtomicInteger();
    private volatile boolean closed;

    Deaf() throws IOException {}

    <Q, R> ClientCall<Q, R> call(MethodDescriptor<Q, R> method) {
      ClientCall<Q, R> call = channel.newCall(method, CallOptions.DEFAULT);
      call.start(
          new ClientCall.Listener<>() {
            @Override
            public void onMessage(R message) {
              int _ = received.incrementAndGet();
            }

            @Override
            public void onClose(Status status, Metadata trailers) {
              closed = true;
            }
          },
          new Metadata());
      call.request(Integer.MAX_VALUE);
      return call;
    }

    boolean isOpen() {
      return !closed;
    }

    void takeNothingMore() {
      await().atMost(TestCluster.LONG).until(() -> received.get() > 0);
      proxy.takeNothing();
    }

    @Override
    public void close() throws IOException {
      channel.shutdownNow();
      proxy.close();
    }
  }
}
