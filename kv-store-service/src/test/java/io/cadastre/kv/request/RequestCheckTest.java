package io.cadastre.kv.request;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.Compare;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import java.util.Collections;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class RequestCheckTest {

  private final RequestCheck check = new RequestCheck(128);

  @Test
  void aRequestWithoutAKeyIsRefused() {
    refused(EtcdError.EMPTY_KEY, () -> check.range(RangeRequest.getDefaultInstance()));
    refused(EtcdError.EMPTY_KEY, () -> check.put(PutRequest.getDefaultInstance()));
    refused(EtcdError.EMPTY_KEY, () -> check.deleteRange(DeleteRangeRequest.getDefaultInstance()));
    refused(
        EtcdError.EMPTY_KEY,
        () -> check.txn(TxnRequest.newBuilder().addCompare(Compare.getDefaultInstance()).build()));
  }

  @Test
  void aPutCannotIgnoreWhatItSets() {
    PutRequest request = PutRequest.newBuilder().setKey(utf8("a")).setValue(utf8("1")).build();
    refused(
        EtcdError.VALUE_PROVIDED,
        () -> check.put(request.toBuilder().setIgnoreValue(true).build()));
    refused(
        EtcdError.LEASE_PROVIDED,
        () -> check.put(request.toBuilder().setLease(1).setIgnoreLease(true).build()));
  }

  @Test
  void anUnknownSortOptionIsRefused() {
    RangeRequest request = RangeRequest.newBuilder().setKey(utf8("a")).setSortOrderValue(9).build();
    refused(EtcdError.INVALID_SORT_OPTION, () -> check.range(request));
  }

  @Test
  void nestedTransactionsShareTheLimitOnOperations() {
    check.txn(success(Collections.nCopies(128, delete("a", ""))));
    refused(
        EtcdError.TOO_MANY_OPS,
        () -> check.txn(success(Collections.nCopies(129, delete("a", "")))));
    refused(
        EtcdError.TOO_MANY_OPS,
        () -> check.txn(success(List.of(nested(Collections.nCopies(128, delete("a", "")))))));
  }

  @Test
  void anEmptyOperationIsRefusedInEtcdsOddWords() {
    refused(
        EtcdError.KEY_NOT_FOUND, () -> check.txn(success(List.of(RequestOp.getDefaultInstance()))));
  }

  @Test
  void aKeyMayBeChangedOnceInABranch() {
    refused(EtcdError.DUPLICATE_KEY, () -> check.txn(success(List.of(put("a"), put("a")))));
    refused(EtcdError.DUPLICATE_KEY, () -> check.txn(success(List.of(put("b"), delete("a", "c")))));
    refused(EtcdError.DUPLICATE_KEY, () -> check.txn(success(List.of(delete("a", "c"), put("b")))));
    refused(
        EtcdError.DUPLICATE_KEY,
        () -> check.txn(success(List.of(put("a"), nested(List.of(put("a")))))));
    refused(
        EtcdError.DUPLICATE_KEY,
        () -> check.txn(TxnRequest.newBuilder().addFailure(put("a")).addFailure(put("a")).build()));
  }

  @Test
  void branchesThatExcludeEachOtherMayShareKeys() {
    TxnRequest either = TxnRequest.newBuilder().addSuccess(put("a")).addFailure(put("a")).build();
    assertThatCode(
            () -> check.txn(success(List.of(RequestOp.newBuilder().setRequestTxn(either).build()))))
        .doesNotThrowAnyException();
    assertThatCode(() -> check.txn(success(List.of(delete("a", "c"), delete("b", "d")))))
        .doesNotThrowAnyException();
  }

  private static void refused(EtcdError error, ThrowingCallable call) {
    assertThatExceptionOfType(EtcdException.class)
        .isThrownBy(call)
        .extracting(EtcdException::error)
        .isEqualTo(error);
  }

  private static TxnRequest success(List<RequestOp> operations) {
    return TxnRequest.newBuilder().addAllSuccess(operations).build();
  }

  private static RequestOp nested(List<RequestOp> operations) {
    return RequestOp.newBuilder().setRequestTxn(success(operations)).build();
  }

  private static RequestOp put(String key) {
    return RequestOp.newBuilder().setRequestPut(PutRequest.newBuilder().setKey(utf8(key))).build();
  }

  private static RequestOp delete(String key, String end) {
    return RequestOp.newBuilder()
        .setRequestDeleteRange(
            DeleteRangeRequest.newBuilder().setKey(utf8(key)).setRangeEnd(utf8(end)))
        .build();
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
