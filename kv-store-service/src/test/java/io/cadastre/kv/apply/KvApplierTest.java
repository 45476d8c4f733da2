package io.cadastre.kv.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.Compare;
import io.cadastre.contracts.kv.Compare.CompareResult;
import io.cadastre.contracts.kv.Compare.CompareTarget;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.DeleteRangeResponse;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.PutResponse;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeRequest.SortOrder;
import io.cadastre.contracts.kv.RangeRequest.SortTarget;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.TxnResponse;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class KvApplierTest {

  private static final long LEASE = 77;

  private final MvccStore store = MvccStore.open(new MemoryEngine());
  private final KnownLeases leases = new KnownLeases();
  private final KvApplier applier = new KvApplier(store, leases);

  @Test
  void aPutAnswersThePreviousValueWhereItIsAskedFor() {
    put(PutRequest.newBuilder(), "a", "1");
    PutResponse response = put(PutRequest.newBuilder().setPrevKv(true), "a", "2");
    assertThat(response.getPrevKv().getValue()).isEqualTo(utf8("1"));
    assertThat(response.getHeader().getRevision()).isEqualTo(3);
  }

  @Test
  void ignoringTheValueKeepsItAndIgnoringTheLeaseKeepsThat() {
    put(PutRequest.newBuilder().setLease(LEASE), "a", "1");
    applier.put(
        PutRequest.newBuilder()
            .setKey(utf8("a"))
            .setIgnoreValue(true)
            .setIgnoreLease(true)
            .build());
    store.commit(_ -> {});
    RangeResponse response = range(RangeRequest.newBuilder().setKey(utf8("a")));
    assertThat(response.getKvs(0).getValue()).isEqualTo(utf8("1"));
    assertThat(response.getKvs(0).getLease()).isEqualTo(LEASE);
    assertThat(response.getKvs(0).getVersion()).isEqualTo(2);
  }

  @Test
  void aPutWithoutALeaseDetachesTheOldOne() {
    put(PutRequest.newBuilder().setLease(LEASE), "a", "1");
    put(PutRequest.newBuilder(), "a", "2");
    assertThat(leases.attached).containsEntry(utf8("a"), 0L);
  }

  @Test
  void whatIsRefusedChangesNothing() {
    refused(
        EtcdError.LEASE_NOT_FOUND,
        () -> put(PutRequest.newBuilder().setLease(LEASE + 1), "a", "1"));
    refused(
        EtcdError.KEY_NOT_FOUND,
        () -> applier.put(PutRequest.newBuilder().setKey(utf8("a")).setIgnoreValue(true).build()));
    TxnRequest half =
        TxnRequest.newBuilder()
            .addSuccess(putOp("b", "1"))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestRange(RangeRequest.newBuilder().setKey(utf8("b")).setRevision(99)))
            .build();
    refused(EtcdError.FUTURE_REVISION, () -> applier.txn(half));
    assertThat(store.commit(_ -> {})).isEmpty();
    assertThat(store.revision()).isEqualTo(1);
  }

  @Test
  void aMissingKeyComparesAsZerosButNeverByValue() {
    assertThat(chosen(compare(CompareTarget.VERSION, CompareResult.EQUAL))).isTrue();
    assertThat(chosen(compare(CompareTarget.MOD, CompareResult.EQUAL))).isTrue();
    assertThat(chosen(compare(CompareTarget.VALUE, CompareResult.EQUAL))).isFalse();
    assertThat(chosen(compare(CompareTarget.VALUE, CompareResult.NOT_EQUAL))).isFalse();
    assertThat(chosen(TxnRequest.newBuilder())).isTrue();
  }

  @Test
  void aComparisonOverARangeHoldsForAllOfItsKeys() {
    put(PutRequest.newBuilder(), "a1", "x");
    put(PutRequest.newBuilder(), "a2", "x");
    TxnRequest.Builder once =
        TxnRequest.newBuilder()
            .addCompare(
                Compare.newBuilder()
                    .setKey(utf8("a"))
                    .setRangeEnd(utf8("b"))
                    .setTarget(CompareTarget.VERSION)
                    .setVersion(1));
    assertThat(chosen(once)).isTrue();
    put(PutRequest.newBuilder(), "a2", "y");
    assertThat(chosen(once)).isFalse();
  }

  @Test
  void aTransactionIsOneRevisionAndReadsItsOwnWrites() {
    TxnRequest request =
        TxnRequest.newBuilder()
            .addSuccess(putOp("a", "1"))
            .addSuccess(putOp("b", "2"))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestRange(
                        RangeRequest.newBuilder().setKey(utf8("a")).setRangeEnd(utf8("c"))))
            .addSuccess(
                RequestOp.newBuilder()
                    .setRequestTxn(TxnRequest.newBuilder().addSuccess(putOp("c", "3"))))
            .build();
    TxnResponse response = applier.txn(request);
    assertThat(store.commit(_ -> {})).hasSize(1);
    assertThat(response.getHeader().getRevision()).isEqualTo(2);
    assertThat(response.getResponses(2).getResponseRange().getCount()).isEqualTo(2);
    assertThat(response.getResponses(3).getResponseTxn().getSucceeded()).isTrue();
    assertThat(store.revision()).isEqualTo(2);
  }

  @Test
  void aDeleteAnswersHowManyAndWhich() {
    put(PutRequest.newBuilder(), "a", "1");
    put(PutRequest.newBuilder(), "b", "2");
    DeleteRangeResponse response =
        applier.deleteRange(
            DeleteRangeRequest.newBuilder()
                .setKey(utf8("a"))
                .setRangeEnd(utf8("z"))
                .setPrevKv(true)
                .build());
    store.commit(_ -> {});
    assertThat(response.getDeleted()).isEqualTo(2);
    assertThat(response.getPrevKvsList())
        .extracting(kv -> kv.getValue().toStringUtf8())
        .containsExactly("1", "2");
    DeleteRangeResponse nothing =
        applier.deleteRange(DeleteRangeRequest.newBuilder().setKey(utf8("a")).build());
    assertThat(nothing.getHeader().getRevision()).isEqualTo(4);
    assertThat(nothing.getDeleted()).isZero();
  }

  @Test
  void theLimitAppliesAfterSortingAndFiltering() {
    put(PutRequest.newBuilder(), "a", "3");
    put(PutRequest.newBuilder(), "b", "2");
    put(PutRequest.newBuilder(), "c", "1");
    RangeRequest.Builder all =
        RangeRequest.newBuilder().setKey(utf8("a")).setRangeEnd(utf8("z")).setLimit(1);
    RangeResponse byValue = range(all.clone().setSortTarget(SortTarget.VALUE));
    assertThat(byValue.getKvs(0).getKey()).isEqualTo(utf8("c"));
    assertThat(byValue.getMore()).isTrue();
    assertThat(byValue.getCount()).isEqualTo(3);
    RangeResponse newest =
        range(all.clone().setSortTarget(SortTarget.MOD).setSortOrder(SortOrder.DESCEND));
    assertThat(newest.getKvs(0).getKey()).isEqualTo(utf8("c"));
    RangeResponse filtered = range(all.clone().setMinModRevision(3));
    assertThat(filtered.getKvs(0).getKey()).isEqualTo(utf8("b"));
    RangeResponse keysOnly = range(all.clone().setLimit(0).setKeysOnly(true));
    assertThat(keysOnly.getKvsList()).hasSize(3).allMatch(kv -> kv.getValue().isEmpty());
    assertThat(keysOnly.getMore()).isFalse();
  }

  private boolean chosen(TxnRequest.Builder request) {
    return applier.txn(request.build()).getSucceeded();
  }

  private static TxnRequest.Builder compare(CompareTarget target, CompareResult result) {
    return TxnRequest.newBuilder()
        .addCompare(
            Compare.newBuilder().setKey(utf8("missing")).setTarget(target).setResult(result));
  }

  private RangeResponse range(RangeRequest.Builder request) {
    return RangeReader.read(store, request.build());
  }

  private PutResponse put(PutRequest.Builder request, String key, String value) {
    PutResponse response = applier.put(request.setKey(utf8(key)).setValue(utf8(value)).build());
    store.commit(_ -> {});
    return response;
  }

  private static RequestOp putOp(String key, String value) {
    return RequestOp.newBuilder()
        .setRequestPut(PutRequest.newBuilder().setKey(utf8(key)).setValue(utf8(value)))
        .build();
  }

  private static void refused(EtcdError error, ThrowingCallable call) {
    assertThatExceptionOfType(EtcdException.class)
        .isThrownBy(call)
        .extracting(EtcdException::error)
        .isEqualTo(error);
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** One lease, and the keys that were hung on it or taken off. */
  private static final class KnownLeases implements Leases {

    private final Map<ByteString, Long> attached = new HashMap<>();

    @Override
    public boolean exists(long lease) {
      return lease == LEASE;
    }

    @Override
    public void attach(ByteString key, long lease) {
      attached.put(key, lease);
    }
  }
}
