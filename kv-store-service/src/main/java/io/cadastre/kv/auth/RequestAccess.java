package io.cadastre.kv.auth;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.Compare;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import java.util.List;
import java.util.function.LongFunction;

/** Refuses requests on keys that the caller may not touch. */
public final class RequestAccess {

  private final AuthState state;
  private final Caller caller;
  private final LongFunction<List<ByteString>> keysOfLease;

  /**
   * Makes the check for one caller.
   *
   * @param keysOfLease who lets a key hang on a lease lets it be deleted with the others
   */
  public RequestAccess(AuthState state, Caller caller, LongFunction<List<ByteString>> keysOfLease) {
    this.state = state;
    this.caller = caller;
    this.keysOfLease = keysOfLease;
  }

  /** Reading. */
  public void range(RangeRequest request) {
    state.requireRead(caller, request.getKey(), request.getRangeEnd());
  }

  /** Writing, and reading where the answer tells what was there. */
  public void put(PutRequest request) {
    state.requireWrite(caller, request.getKey(), ByteString.EMPTY);
    lease(request.getLease());
    if (request.getPrevKv()) {
      state.requireRead(caller, request.getKey(), ByteString.EMPTY);
    }
  }

  /** Deleting, and reading where the answer tells what was there. */
  public void deleteRange(DeleteRangeRequest request) {
    state.requireWrite(caller, request.getKey(), request.getRangeEnd());
    if (request.getPrevKv()) {
      state.requireRead(caller, request.getKey(), request.getRangeEnd());
    }
  }

  /** All that either branch could do. */
  public void txn(TxnRequest request) {
    for (Compare compare : request.getCompareList()) {
      state.requireRead(caller, compare.getKey(), compare.getRangeEnd());
    }
    request.getSuccessList().forEach(this::operation);
    request.getFailureList().forEach(this::operation);
  }

  private void operation(RequestOp operation) {
    switch (operation.getRequestCase()) {
      case REQUEST_RANGE -> range(operation.getRequestRange());
      case REQUEST_PUT -> put(operation.getRequestPut());
      case REQUEST_DELETE_RANGE -> deleteRange(operation.getRequestDeleteRange());
      case REQUEST_TXN -> txn(operation.getRequestTxn());
      case REQUEST_NOT_SET -> {}
    }
  }

  /** Ending a lease, or hanging a key on it: it takes the right to write all its keys. */
  public void lease(long lease) {
    if (lease != 0 && state.enabled()) {
      keysOfLease.apply(lease).forEach(key -> state.requireWrite(caller, key, ByteString.EMPTY));
    }
  }
}
