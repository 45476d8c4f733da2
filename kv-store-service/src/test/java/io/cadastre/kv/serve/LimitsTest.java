package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import io.cadastre.kv.compaction.Retention;
import io.cadastre.kv.request.EtcdError;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that want much, send much, or take nothing. */
final class LimitsTest {

  private static final long SECONDS = 60;
  private static final String LARGE = "large/";
  private static final int LARGE_KEYS = 2_000;
  private static final ByteString LARGE_VALUE = ByteString.copyFrom(new byte[10_000]);

  @TempDir private static Path directory;
  private static KvServer server;
  private static ManagedChannel channel;

  @BeforeAll
  static void start() throws IOException {
    server =
        KvServer.start(
            new KvSettings(
                "m1",
                directory,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                List.of(),
                true,
                KvSettings.DEFAULT_QUOTA_BYTES,
                new Retention.Everything()));
    channel = channel();
    for (int from = 0; from < LARGE_KEYS; from += 100) {
      TxnRequest.Builder txn = TxnRequest.newBuilder();
      for (int i = from; i < from + 100; i++) {
        PutRequest put =
            PutRequest.newBuilder()
                .setKey(utf8(LARGE + "%04d".formatted(i)))
                .setValue(LARGE_VALUE)
                .build();
        txn.addSuccess(RequestOp.newBuilder().setRequestPut(put));
      }
      var _ = kv().txn(txn.build());
    }
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
  void whatCannotBeStreamedIsUnimplementedSoThatClientsTakePages() {
    for (RangeRequest.Builder request :
        List.of(
            below(LARGE).setSortOrder(SortOrder.DESCEND),
            below(LARGE).setSortTarget(SortTarget.MOD),
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
