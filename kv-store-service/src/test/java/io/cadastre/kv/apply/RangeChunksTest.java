package io.cadastre.kv.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeRequest.SortOrder;
import io.cadastre.contracts.kv.RangeRequest.SortTarget;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.ReadView;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is read for an answer, and held for it, at most. */
final class RangeChunksTest {

  private static final int KEYS = 200_000;
  private static final int LARGEST_CHUNK = 300_000;
  private static final ByteString VALUE = ByteString.copyFrom(new byte[100]);
  private static final RangeRequest ALL =
      RangeRequest.newBuilder().setKey(utf8("\0")).setRangeEnd(utf8("\0")).build();

  private final MvccStore store = MvccStore.open(new MemoryEngine());
  private final Reads reads = new Reads(store);

  @Test
  void manyKeysComeInSmallPiecesAndEachIsReadOnce() {
    fill(KEYS);
    List<ByteString> keys = new ArrayList<>();
    RangeChunks chunks = new RangeChunks(ALL);
    RangeResponse chunk = RangeResponse.getDefaultInstance();
    while (chunks.hasNext()) {
      assertThat(chunk.hasHeader() || chunk.getMore() || chunk.getCount() != 0).isFalse();
      chunk = chunks.next(reads);
      assertThat(chunk.getSerializedSize()).isLessThan(LARGEST_CHUNK);
      chunk.getKvsList().forEach(kv -> keys.add(kv.getKey()));
    }
    assertThat(chunk.getCount()).isEqualTo(KEYS);
    assertThat(chunk.getMore()).isFalse();
    assertThat(keys)
        .hasSize(KEYS)
        .isSortedAccordingTo(ByteString.unsignedLexicographicalComparator())
        .doesNotHaveDuplicates();
    assertThat(reads.values.get()).isEqualTo(KEYS);
  }

  @Test
  void piecesPutTogetherAreTheAnswerGivenAtOnce() {
    fill(10_000);
    for (RangeRequest.Builder request :
        List.of(
            ALL.toBuilder(),
            ALL.toBuilder().setLimit(9_999),
            ALL.toBuilder().setLimit(10_000),
            ALL.toBuilder().setLimit(3),
            ALL.toBuilder().setKeysOnly(true),
            ALL.toBuilder().setCountOnly(true).setLimit(5),
            ALL.toBuilder().setRevision(500),
            ALL.toBuilder().setRangeEnd(utf8("k2")),
            RangeRequest.newBuilder().setKey(utf8("k000007")),
            RangeRequest.newBuilder().setKey(utf8("none")))) {
      RangeResponse.Builder together = RangeResponse.newBuilder();
      RangeChunks chunks = new RangeChunks(request.build());
      while (chunks.hasNext()) {
        together.mergeFrom(chunks.next(store));
      }
      assertThat(together.build()).isEqualTo(RangeReader.read(store, request.build()));
    }
  }

  @Test
  void allPiecesShowTheRevisionOfTheFirst() {
    fill(10_000);
    long before = store.revision();
    RangeChunks chunks = new RangeChunks(ALL);
    RangeResponse.Builder together = RangeResponse.newBuilder().mergeFrom(chunks.next(store));
    store.write(txn -> txn.deleteRange(KeyRange.of(utf8("k"), utf8("l"))));
    store.write(txn -> txn.put(utf8("k5"), VALUE, 0));
    var _ = store.commit(_ -> {});
    while (chunks.hasNext()) {
      together.mergeFrom(chunks.next(store));
    }
    assertThat(together.getCount()).isEqualTo(10_000);
    assertThat(together.getKvsCount()).isEqualTo(10_000);
    assertThat(together.getHeader().getRevision()).isEqualTo(before);
  }

  @Test
  void aCompactionMeanwhileEndsIt() {
    fill(10_000);
    RangeChunks chunks = new RangeChunks(ALL);
    assertThat(chunks.next(store).getKvsCount()).isPositive();
    store.write(txn -> txn.put(utf8("k"), VALUE, 0));
    store.compact(store.revision() + 1);
    var _ = store.commit(_ -> {});
    assertThatExceptionOfType(EtcdException.class)
        .isThrownBy(() -> chunks.next(store))
        .withMessage(EtcdError.COMPACTED.text());
  }

  @Test
  void whatIsNotReturnedIsNotRead() {
    fill(10_000);
    RangeReader.read(reads, ALL.toBuilder().setCountOnly(true).build());
    assertThat(reads.values.getAndSet(0)).isZero();
    RangeReader.read(reads, ALL.toBuilder().setLimit(10).build());
    assertThat(reads.values.getAndSet(0)).isEqualTo(11);
    RangeReader.read(reads, ALL.toBuilder().setLimit(10).setMinModRevision(2).build());
    assertThat(reads.values.getAndSet(0)).isEqualTo(11);
  }

  @Test
  void whatIsNotReturnedIsNotKept() {
    fill(10_000);
    RangeRequest newest =
        ALL.toBuilder()
            .setSortTarget(SortTarget.MOD)
            .setSortOrder(SortOrder.DESCEND)
            .setLimit(10)
            .build();
    for (RangeRequest request : List.of(newest, newest.toBuilder().setKeysOnly(true).build())) {
      AtomicLong now = new AtomicLong();
      AtomicLong most = new AtomicLong();
      RangeResponse found =
          RangeReader.read(
              store, request, bytes -> most.accumulateAndGet(now.addAndGet(bytes), Math::max));
      assertThat(found.getKvsCount()).isEqualTo(10);
      assertThat(found.getMore()).isTrue();
      assertThat(found.getKvsList().stream().map(KeyValue::getKey))
          .isSortedAccordingTo(ByteString.unsignedLexicographicalComparator().reversed());
      assertThat(most.get()).isLessThan(request.getKeysOnly() ? 12L * 30 : 12L * 150);
    }
  }

  private void fill(int keys) {
    for (int i = 0; i < keys; i++) {
      ByteString key = utf8("k%06d".formatted(i));
      store.write(txn -> txn.put(key, VALUE, 0));
    }
    var _ = store.commit(_ -> {});
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** Counts what is fetched. */
  private record Reads(ReadView view, AtomicLong values) implements ReadView {

    Reads(ReadView view) {
      this(view, new AtomicLong());
    }

    @Override
    public long revision() {
      return view.revision();
    }

    @Override
    public long firstRevision() {
      return view.firstRevision();
    }

    @Override
    public Visited visit(KeyRange range, long revision, Visitor visitor) {
      return view.visit(
          range,
          revision,
          new Visitor() {
            @Override
            public Next next() {
              return visitor.next();
            }

            @Override
            public void read(KeyValue kv) {
              long _ = values.incrementAndGet();
              visitor.read(kv);
            }
          });
    }
  }
}
