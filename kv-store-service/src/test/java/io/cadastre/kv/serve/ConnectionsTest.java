package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.kv.connection.ConnectionLimits;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Connections that are too many, say nothing, take nothing, or talk nonsense. */
final class ConnectionsTest {

  private static final int MOST = 8;
  private static final int CALLS = 200;
  private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
  private static final String EMPTY_SETTINGS = "\0\0\0\4\0\0\0\0\0";
  private static final ByteString KEY = ByteString.copyFromUtf8("key");

  @TempDir private static Path directory;
  private static KvServer server;

  @BeforeAll
  static void start() throws IOException {
    ConnectionLimits limits =
        new ConnectionLimits(
            MOST,
            1_000,
            1 << 20,
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1));
    server = KvServer.start(TestMember.inMemory(directory, TestMember.clients(limits)));
    put();
  }

  private static void put() {
    ManagedChannel channel = channel().build();
    try {
      ByteString value = ByteString.copyFrom(new byte[50_000]);
      var _ =
          KVGrpc.newBlockingStub(channel)
              .put(PutRequest.newBuilder().setKey(KEY).setValue(value).build());
    } finally {
      channel.shutdownNow();
    }
  }

  @AfterAll
  static void stop() throws IOException {
    server.close();
  }

  @Test
  void aConnectionThatSaysNothingOrIsHalfOpenIsClosed() throws IOException {
    for (String said : List.of("", "PRI", PREFACE, PREFACE + EMPTY_SETTINGS)) {
      try (Socket socket = socket()) {
        socket.getOutputStream().write(said.getBytes(ISO_8859_1));
        awaitClosed(socket);
      }
    }
  }

  @Test
  void moreConnectionsThanAllowedAreClosedAndTheOthersServeOn() throws IOException {
    ManagedChannel before = channel().build();
    List<Socket> sockets = new ArrayList<>();
    try {
      assertThat(get(before)).isEqualTo(1);
      for (int i = 0; i < 3 * MOST; i++) {
        sockets.add(socket());
      }
      awaitClosed(sockets.getLast());
      assertThat(get(before)).isEqualTo(1);
    } finally {
      for (Socket socket : sockets) {
        socket.close();
      }
      before.shutdownNow();
    }
    // There is room again when those are gone.
    await()
        .atMost(TestCluster.LONG)
        .ignoreExceptions()
        .until(() -> {
          ManagedChannel after = channel().build();
          try {
            return get(after) == 1;
          } finally {
            after.shutdownNow();
          }
        });
  }

  @Test
  void whoTakesNoAnswersGetsNoMoreAndOthersDo() {
    ManagedChannel taking = channel().build();
    ManagedChannel sleeping = channel().flowControlWindow(1 << 16).build();
    Queue<Status> ended = new ConcurrentLinkedQueue<>();
    List<ClientCall<RangeRequest, RangeResponse>> calls = new ArrayList<>();
    try {
      for (int i = 0; i < CALLS; i++) {
        calls.add(callWithoutTaking(sleeping, ended));
      }
      await()
          .atMost(TestCluster.LONG)
          .until(() ->
              ended.stream()
                  .anyMatch(
                      status -> String.valueOf(status.getDescription()).contains("too many")));
      assertThat(get(taking)).isEqualTo(1);
      calls.forEach(call -> call.cancel("enough", null));
      await().atMost(TestCluster.LONG).ignoreExceptions().until(() -> get(sleeping) == 1);
    } finally {
      sleeping.shutdownNow();
      taking.shutdownNow();
    }
  }

  private static ClientCall<RangeRequest, RangeResponse> callWithoutTaking(
      ManagedChannel channel, Queue<Status> ended) {
    ClientCall<RangeRequest, RangeResponse> call =
        channel.newCall(KVGrpc.getRangeMethod(), CallOptions.DEFAULT);
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onClose(Status status, Metadata trailers) {
            boolean _ = ended.add(status);
          }
        },
        new Metadata());
    call.sendMessage(RangeRequest.newBuilder().setKey(KEY).build());
    call.halfClose();
    return call;
  }

  @Test
  void noiseLeavesALineInTheLogAndNoStack() throws IOException {
    Queue<LogRecord> stacks = new ConcurrentLinkedQueue<>();
    Handler handler = new Stacks(stacks);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    Logger log = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    log.addAppender(lines);
    LogManager.getLogManager().getLogger("").addHandler(handler);
    try {
      for (int i = 0; i < 10; i++) {
        makeNoise(i);
      }
      sendTooMuch();
    } finally {
      LogManager.getLogManager().getLogger("").removeHandler(handler);
      boolean _ = log.detachAppender(lines);
    }
    assertThat(stacks).isEmpty();
    List<ILoggingEvent> ours = List.copyOf(lines.list);
    assertThat(ours).allMatch(event -> event.getThrowableProxy() == null);
    assertThat(ours.stream().filter(event -> event.getLoggerName().contains("connection")))
        .hasSizeLessThan(5);
  }

  private static void makeNoise(int seed) throws IOException {
    byte[] noise = new byte[64 << 10];
    new Random(seed).nextBytes(noise);
    for (String start : List.of("", "GET ", PREFACE, PREFACE + EMPTY_SETTINGS, "\u0016\u0003\1")) {
      try (Socket socket = socket()) {
        try {
          socket.getOutputStream().write(start.getBytes(ISO_8859_1));
          socket.getOutputStream().write(noise);
        } catch (SocketException _) {
          // It was enough.
        }
        awaitClosed(socket);
      }
    }
  }

  private static void sendTooMuch() {
    ManagedChannel channel = channel().build();
    try {
      PutRequest put =
          PutRequest.newBuilder()
              .setKey(KEY)
              .setValue(ByteString.copyFrom(new byte[3 << 20]))
              .build();
      var call = KVGrpc.newFutureStub(channel).put(put);
      await().atMost(TestCluster.LONG).until(call::isDone);
    } finally {
      channel.shutdownNow();
    }
  }

  private static Socket socket() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
    socket.setSoTimeout((int) TestCluster.LONG.toMillis());
    return socket;
  }

  /** A connection that is closed over unread bytes may also be reset. */
  private static void awaitClosed(Socket socket) throws IOException {
    try {
      while (socket.getInputStream().read() >= 0) {
        // What it was answered first.
      }
    } catch (SocketException _) {
      // Reset.
    }
  }

  private static long get(ManagedChannel channel) {
    return KVGrpc.newBlockingStub(channel)
        .withDeadlineAfter(TestCluster.LONG.toSeconds(), TimeUnit.SECONDS)
        .range(RangeRequest.newBuilder().setKey(KEY).build())
        .getCount();
  }

  private static NettyChannelBuilder channel() {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
        .usePlaintext();
  }

  private static final class Stacks extends Handler {

    private final Queue<LogRecord> stacks;

    Stacks(Queue<LogRecord> stacks) {
      this.stacks = stacks;
    }

    @Override
    public void publish(LogRecord record) {
      if (record.getThrown() != null) {
        boolean _ = stacks.add(record);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
