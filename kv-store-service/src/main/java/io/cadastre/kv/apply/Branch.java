package io.cadastre.kv.apply;

import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.ResponseOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.TxnResponse;
import io.cadastre.kv.mvcc.ReadView;
import io.cadastre.kv.mvcc.WriteTxn;
import io.cadastre.kv.request.EtcdError;
import java.util.ArrayList;
import java.util.List;

/**
 * The branch of a transaction that runs, with those of the transactions nested in it.
 *
 * <p>All comparisons are decided first, those of nested transactions too, against the store as it
 * was before the transaction.
 *
 * @param nested in the order of the nested transactions among the operations
 */
record Branch(boolean succeeded, List<RequestOp> operations, List<Branch> nested) {

  static Branch choose(ReadView view, TxnRequest request) {
    boolean succeeded = Comparison.allHold(view, request.getCompareList());
    List<RequestOp> operations = succeeded ? request.getSuccessList() : request.getFailureList();
    List<Branch> nested = new ArrayList<>();
    for (RequestOp operation : operations) {
      if (operation.hasRequestTxn()) {
        nested.add(choose(view, operation.getRequestTxn()));
      }
    }
    return new Branch(succeeded, operations, nested);
  }

  /** Refuses the whole transaction where one of its operations cannot be done. */
  void check(KvApplier applier, WriteTxn txn) {
    for (RequestOp operation : operations) {
      switch (operation.getRequestCase()) {
        case REQUEST_RANGE -> checkRange(txn, operation.getRequestRange());
        case REQUEST_PUT -> applier.checkPut(txn, operation.getRequestPut());
        case REQUEST_DELETE_RANGE, REQUEST_TXN, REQUEST_NOT_SET -> {}
      }
    }
    nested.forEach(branch -> branch.check(applier, txn));
  }

  private static void checkRange(ReadView view, RangeRequest request) {
    long revision = request.getRevision();
    if (revision > view.revision()) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
    if (revision != 0 && revision < view.firstRevision()) {
      throw EtcdError.COMPACTED.exception();
    }
  }

  TxnResponse run(KvApplier applier, WriteTxn txn) {
    TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(succeeded);
    int nextNested = 0;
    for (RequestOp operation : operations) {
      ResponseOp.Builder answer = response.addResponsesBuilder();
      switch (operation.getRequestCase()) {
        case REQUEST_RANGE ->
            answer.setResponseRange(RangeReader.read(txn, operation.getRequestRange()));
        case REQUEST_PUT -> answer.setResponsePut(applier.put(txn, operation.getRequestPut()));
        case REQUEST_DELETE_RANGE ->
            answer.setResponseDeleteRange(
                applier.deleteRange(txn, operation.getRequestDeleteRange()));
        case REQUEST_TXN -> answer.setResponseTxn(nested.get(nextNested++).run(applier, txn));
        case REQUEST_NOT_SET -> {}
      }
    }
    return response.setHeader(KvApplier.header(txn)).build();
  }
}
