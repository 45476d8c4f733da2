package io.cadastre.kv.request;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.Compare;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeRequest.SortOrder;
import io.cadastre.contracts.kv.RangeRequest.SortTarget;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.grpc.Status;
import java.util.List;

/** Refuses, before anything else is done, requests that can be told wrong by themselves. */
public final class RequestCheck {

  private final int maxTxnOps;

  /**
   * Makes a check.
   *
   * @param maxTxnOps most comparisons, and most operations in one branch, of a transaction
   */
  public RequestCheck(int maxTxnOps) {
    this.maxTxnOps = maxTxnOps;
  }

  /** Refuses a range without a key or with an unknown way to sort. */
  public void range(RangeRequest request) {
    requireKey(request.getKey());
    if (request.getSortOrder() == SortOrder.UNRECOGNIZED
        || request.getSortTarget() == SortTarget.UNRECOGNIZED) {
      throw EtcdError.INVALID_SORT_OPTION.exception();
    }
  }

  /** Refuses what cannot be answered in pieces: a range in another order, or sifted. */
  public void rangeStream(RangeRequest request) {
    range(request);
    boolean inOrder =
        request.getSortOrder() == SortOrder.NONE
            || (request.getSortTarget() == SortTarget.KEY
                && request.getSortOrder() == SortOrder.ASCEND);
    boolean sifted =
        request.getMinModRevision() != 0
            || request.getMaxModRevision() != 0
            || request.getMinCreateRevision() != 0
            || request.getMaxCreateRevision() != 0;
    if (!inOrder || sifted) {
      // Clients go by the code, and fall back to pages.
      throw Status.UNIMPLEMENTED
          .withDescription("a stream is in the order of its keys and not filtered by revision")
          .asRuntimeException();
    }
  }

  /** Refuses a put that says both to ignore and to set. */
  public void put(PutRequest request) {
    requireKey(request.getKey());
    if (request.getIgnoreValue() && !request.getValue().isEmpty()) {
      throw EtcdError.VALUE_PROVIDED.exception();
    }
    if (request.getIgnoreLease() && request.getLease() != 0) {
      throw EtcdError.LEASE_PROVIDED.exception();
    }
  }

  /** Refuses a delete without a key. */
  public void deleteRange(DeleteRangeRequest request) {
    requireKey(request.getKey());
  }

  /** Refuses a transaction that is too long, or that could change a key twice. */
  public void txn(TxnRequest request) {
    operations(request, maxTxnOps);
    TouchedKeys.of(request.getSuccessList());
    TouchedKeys.of(request.getFailureList());
  }

  private void operations(TxnRequest request, int allowed) {
    int longest =
        Math.max(
            request.getCompareCount(),
            Math.max(request.getSuccessCount(), request.getFailureCount()));
    if (longest > allowed) {
      throw EtcdError.TOO_MANY_OPS.exception();
    }
    for (Compare compare : request.getCompareList()) {
      requireKey(compare.getKey());
    }
    branch(request.getSuccessList(), allowed - longest);
    branch(request.getFailureList(), allowed - longest);
  }

  private void branch(List<RequestOp> operations, int leftForNested) {
    for (RequestOp operation : operations) {
      switch (operation.getRequestCase()) {
        case REQUEST_RANGE -> range(operation.getRequestRange());
        case REQUEST_PUT -> put(operation.getRequestPut());
        case REQUEST_DELETE_RANGE -> deleteRange(operation.getRequestDeleteRange());
        case REQUEST_TXN -> operations(operation.getRequestTxn(), leftForNested);
        // etcd's own answer to an operation that is none.
        case REQUEST_NOT_SET -> throw EtcdError.KEY_NOT_FOUND.exception();
      }
    }
  }

  private static void requireKey(ByteString key) {
    if (key.isEmpty()) {
      throw EtcdError.EMPTY_KEY.exception();
    }
  }
}
