package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.CompactionRequest;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.KVGrpc.KVBlockingStub;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeRequest.SortOrder;
import io.cadastre.contracts.kv.RangeRequest.SortTarget;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.RangeStreamResponse;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.request.EtcdError;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that want much, send much, or take nothing. */
final class LimitsTest {

  private static final long SECONDS = 60;
  private static final Duration LONG = Duration.ofSeconds(SECONDS);
  private static final int STREAMS = 10;
  private static final int WATCHERS = 10_000;
  private static final String LARGE = "large/";
  private static final int LARGE_KEYS = 2_000;
  private static final ByteString LARGE_VALUE = ByteString.copyFrom(new byte[10_000]);

  @TempDir private static Path directory;
  private static KvServer server;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws IOException {
    server = KvServer.start(TestMember.inMemory(directory, ClientSettings.DEFAULT));
    channel = channel();
    long _ = putLarge(LARGE);
  }

  private static long putLarge(String prefix) {
    long revision = 0;
    for (int from = 0; from < LARGE_KEYS; from += 100) {
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      for (int i = from; i < from + 100; i++) {
        PutRequest put =
            PutRequest.newBuilder()
                .setKey(utf8(prefix + "%04d".formatted(i)))
                .setValue(LARGE_VALUE)
                .build();
        txn.addSuccess(RequestOp.newBuilder().setRequestPut(put));
      }
      revision = kv().txn(txn.build()).getHeader().getRevision();
    }
    return revision;
  }

  @AfterAll
  static void stop() throws IOException {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void aStreamOfALargeRangeIsTheAnswerInPieces() {
    RangeRequest request = below(LARGE).build();
    RangeResponse.Builder together = RangeResponse.newBuilder();
    int pieces = 0;
    for (Iterator<RangeStreamResponse> stream = kv().rangeStream(request); stream.hasNext(); ) {
      assertThat(together.hasHeader()).isFalse();
      together.mergeFrom(stream.next().getRangeResponse());
      pieces++;
    }
    assertThat(pieces).isGreaterThan(10);
    RangeResponse atOnce = kv().range(request);
    assertThat(together.getKvsList()).isEqualTo(atOnce.getKvsList());
    assertThat(together.getCount()).isEqualTo(LARGE_KEYS);
    assertThat(together.getHeader().getMemberId()).isEqualTo(atOnce.getHeader().getMemberId());
    assertThat(together.getHeader().getRevision()).isPositive();
  }

  @Test
  void aStreamInAnOrderThatIsLeftOpenIsSortedAsAnyAnswerIs() {
    for (String key : List.of("sorted/a", "sorted/b", "sorted/a")) {
      var _ = kv().put(PutRequest.newBuilder().setKey(utf8(key)).build());
    }
    RangeRequest request = below("sorted/").setSortTarget(SortTarget.MOD).setLimit(1).build();
    Iterator<RangeStreamResponse> stream = kv().rangeStream(request);
    RangeResponse piece = stream.next().getRangeResponse();
    assertThat(stream.hasNext()).isFalse();
    assertThat(piece).isEqualTo(kv().range(request));
    assertThat(piece.getKvs(0).getKey()).isEqualTo(utf8("sorted/b"));
  }

  @Test
  void whatCannotBeStreamedIsUnimplementedSoThatClientsTakePages() {
    for (RangeRequest.Builder request :
        List.of(
            below(LARGE).setSortOrder(SortOrder.DESCEND),
            below(LARGE).setSortTarget(SortTarget.MOD).setSortOrder(SortOrder.ASCEND),
            below(LARGE).setMinModRevision(2),
            below(LARGE).setMaxCreateRevision(2))) {
      refused(() -> kv().rangeStream(request.build()).hasNext(), Status.Code.UNIMPLEMENTED, "");
    }
    refused(
        () -> kv().rangeStream(RangeRequest.getDefaultInstance()).hasNext(),
        Status.Code.INVALID_ARGUMENT,
        EtcdError.EMPTY_KEY.text());
    refused(
        () -> kv().rangeStream(below("x").setRevision(1L << 40).build()).hasNext(),
        Status.Code.OUT_OF_RANGE,
        EtcdError.FUTURE_REVISION.text());
  }

  @Test
  void nothingIsReadAheadForAClientThatDoesNotTakeItsStream() {
    ManagedChannel slow = channel();
    try {
      // The first piece is taken, and then as much as fits in the buffers of the connection.
      Iterator<RangeStreamResponse> stream = kv(slow).rangeStream(below(LARGE).build());
      assertThat(stream.next().getRangeResponse().getKvsCount()).isPositive();
      long revision =
          kv().put(PutRequest.newBuilder().setKey(utf8("other")).build()).getHeader().getRevision();
      var _ = kv().compact(CompactionRequest.newBuilder().setRevision(revision).build());
      refused(
          () -> stream.forEachRemaining(_ -> {}),
          Status.Code.OUT_OF_RANGE,
          EtcdError.COMPACTED.text());
    } finally {
      slow.shutdownNow();
    }
  }

  @Test
  void aCompactionAnswersWhenTheSpaceIsFreeWhereThatIsAskedFor() {
    RequestOp[] puts = new RequestOp[100];
    long revision = 0;
    for (int round = 0; round < 60; round++) {
      for (int i = 0; i < puts.length; i++) {
        ByteString key = utf8("often/%d/%d".formatted(round % 30, i));
        puts[i] = RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(key)).build();
      }
      TxnRequest txn = TxnRequest.newBuilder().addAllSuccess(Arrays.asList(puts)).build();
      revision = kv().txn(txn).getHeader().getRevision();
    }
    var _ = kv().compact(compaction(revision).setPhysical(true).build());
    AtomicInteger entries = new AtomicInteger();
    server
        .engine()
        .scan(
            Bucket.KEY,
            new byte[0],
            null,
            (_, value) -> {
              if (new String(value, ISO_8859_1).contains("often/")) {
                int _ = entries.incrementAndGet();
              }
              return true;
            });
    assertThat(entries.get()).isEqualTo(3_000);
    refused(
        () -> kv().compact(compaction(2).setPhysical(true).build()),
        Status.Code.OUT_OF_RANGE,
        EtcdError.COMPACTED.text());
  }

  private static CompactionRequest.Builder compaction(long revision) {
    return CompactionRequest.newBuilder().setRevision(revision);
  }

  @Test
  void aRequestThatIsTooLargeIsRefusedAndTheConnectionServesOn() {
    ByteString value = ByteString.copyFrom(new byte[(3 << 19) + 1]);
    PutRequest put = PutRequest.newBuilder().setKey(utf8("a")).setValue(value).build();
    TxnRequest.Builder txn =
        TxnRequest.newBuilder().addSuccess(RequestOp.newBuilder().setRequestPut(put));
    refused(() -> kv().put(put), Status.Code.INVALID_ARGUMENT, EtcdError.REQUEST_TOO_LARGE.text());
    refused(
        () -> kv().txn(txn.build()),
        Status.Code.INVALID_ARGUMENT,
        EtcdError.REQUEST_TOO_LARGE.text());
    refused(
        () -> kv().put(put.toBuilder().setValue(value.concat(value)).build()),
        Status.Code.RESOURCE_EXHAUSTED,
        "");
    assertThat(kv().range(below(LARGE).setCountOnly(true).build()).getCount())
        .isEqualTo(LARGE_KEYS);
  }

  @Test
  void aTransactionHasAtMost128OperationsABranch() {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    for (int i = 0; i < 128; i++) {
      RangeRequest one = RangeRequest.newBuilder().setKey(utf8("k" + i)).build();
      txn.addFailure(RequestOp.newBuilder().setRequestRange(one));
    }
    assertThat(kv().txn(txn.build()).getSucceeded()).isTrue();
    txn.addFailure(txn.getFailure(0));
    refused(
        () -> kv().txn(txn.build()), Status.Code.INVALID_ARGUMENT, EtcdError.TOO_MANY_OPS.text());
  }

  @Test
  void aConnectionThatSpeaksGarbageIsClosed() throws IOException {
    byte[] noise = new byte[64 << 10];
    new Random(5).nextBytes(noise);
    for (String start :
        List.of("", "GET ", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u0016\u0003\u0001")) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SECONDS));
        socket.getOutputStream().write(start.getBytes(ISO_8859_1));
        assertThatCode(() -> untilClosed(socket, noise)).doesNotThrowAnyException();
      }
    }
    assertThat(kv().range(below(LARGE).setCountOnly(true).build()).getCount())
        .isEqualTo(LARGE_KEYS);
  }

  /** A connection that is closed over unread bytes may also be reset. */
  private static void untilClosed(Socket socket, byte[] noise) throws IOException {
    try {
      socket.getOutputStream().write(noise);
      socket.getOutputStream().write("\r\n\r\n".getBytes(ISO_8859_1));
      while (socket.getInputStream().read() >= 0) {
        // What it was answered first.
      }
    } catch (SocketException _) {
      // Reset.
    }
  }

  @Test
  void aWatcherThatNeverReadsHoldsUpNobodyAndIsNotBufferedFor() {
    ManagedChannel slow = channel();
    try {
      TestWatch sleeper = TestWatch.sleeping(slow);
      TestWatch reader = TestWatch.reading(channel);
      for (TestWatch each : List.of(sleeper, reader)) {
        each.create(watched("slow/"));
      }
      await().atMost(LONG).until(() -> sleeper.created.get() + reader.created.get() == 2);
      // Twice, for the newest transactions are kept for everybody.
      long _ = putLarge("slow/");
      long revision = putLarge("slow/");
      await().atMost(LONG).until(() -> reader.events.get() == 2 * LARGE_KEYS);
      var _ = kv().compact(compaction(revision).build());
      sleeper.awake();
      await().atMost(LONG).until(() -> sleeper.compactedAt.get() == revision);
      assertThat(sleeper.events.get()).isLessThan(LARGE_KEYS);
    } finally {
      slow.shutdownNow();
    }
  }

  @Test
  void tenThousandWatchersOfOneMemberHearOfAChange() {
    List<TestWatch> streams = new ArrayList<>();
    ManagedChannel own = channel();
    try {
      for (int i = 0; i < STREAMS; i++) {
        streams.add(TestWatch.reading(own));
      }
      for (int i = 0; i < WATCHERS; i++) {
        streams.get(i % STREAMS).create(watched("watched/"));
      }
      await().atMost(LONG).until(() -> sum(streams, each -> each.created) == WATCHERS);
      var _ = kv().put(PutRequest.newBuilder().setKey(utf8("watched/a")).build());
      await().atMost(LONG).until(() -> sum(streams, each -> each.events) == WATCHERS);
    } finally {
      own.shutdownNow();
    }
  }

  private static int sum(List<TestWatch> streams, Function<TestWatch, AtomicInteger> count) {
    return streams.stream().mapToInt(each -> count.apply(each).get()).sum();
  }

  private static WatchCreateRequest watched(String prefix) {
    return WatchCreateRequest.newBuilder()
        .setKey(below(prefix).getKey())
        .setRangeEnd(below(prefix).getRangeEnd())
        .build();
  }

  private static RangeRequest.Builder below(String prefix) {
    return RangeRequest.newBuilder()
        .setKey(utf8(prefix))
        .setRangeEnd(utf8(prefix.substring(0, prefix.length() - 1) + "0"));
  }

  private static KVBlockingStub kv() {
    return kv(channel);
  }

  private static KVBlockingStub kv(ManagedChannel through) {
    return KVGrpc.newBlockingStub(through)
        .withMaxInboundMessageSize(Integer.MAX_VALUE)
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS);
  }

  private static ManagedChannel channel() {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
        .usePlaintext()
        .build();
  }

  private static void refused(ThrowingCallable call, Status.Code code, String text) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            StatusRuntimeException.class, e -> assertThat(e.getStatus().getCode()).isEqualTo(code))
        .hasMessageContaining(text);
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
