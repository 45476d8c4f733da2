package io.cadastre.kv.apply;

import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.ResponseHeader;
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

  /** Of the ranges in a transaction that also writes: the thread that applies reads them. */
  static final long MOST_READ_BYTES = 64 << 20;

  static Branch choose(ReadView view, TxnRequest request, Meter meter) {
    boolean succeeded = Comparison.allHold(view, request.getCompareList(), meter);
    List<RequestOp> operations = succeeded ? request.getSuccessList() : request.getFailureList();
    List<Branch> nested = new ArrayList<>();
    for (RequestOp operation : operations) {
      if (operation.hasRequestTxn()) {
        nested.add(choose(view, operation.getRequestTxn(), meter));
      }
    }
    return new Branch(succeeded, operations, nested);
  }

  /** Refuses the whole transaction where one of its operations cannot be done. */
  void check(KvApplier applier, WriteTxn txn) {
    checkOperations(applier, txn);
    measure(txn, new Limit(MOST_READ_BYTES));
  }

  private void checkOperations(KvApplier applier, WriteTxn txn) {
    for (RequestOp operation : operations) {
      switch (operation.getRequestCase()) {
        case REQUEST_RANGE -> checkRange(txn, operation.getRequestRange());
        case REQUEST_PUT -> applier.checkPut(txn, operation.getRequestPut());
        case REQUEST_DELETE_RANGE, REQUEST_TXN, REQUEST_NOT_SET -> {}
      }
    }
    nested.forEach(branch -> branch.checkOperations(applier, txn));
  }

  /** Refuses it where a range asks for a revision that cannot be read. */
  void checkReads(ReadView view) {
    for (RequestOp operation : operations) {
      if (operation.hasRequestRange()) {
        checkRange(view, operation.getRequestRange());
      }
    }
    nested.forEach(branch -> branch.checkReads(view));
  }

  /**
   * Reads beforehand what it would answer with. Every member refuses the same, so that none keeps
   * an answer that it has no room for.
   */
  private void measure(ReadView view, Limit limit) {
    for (RequestOp operation : operations) {
      if (operation.hasRequestRange() && !operation.getRequestRange().getRangeEnd().isEmpty()) {
        RangeResponse _ = RangeReader.read(view, operation.getRequestRange(), limit);
      }
    }
    nested.forEach(branch -> branch.measure(view, limit));
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

  /** Runs a transaction that only reads. */
  TxnResponse read(ReadView view, Meter meter) {
    TxnResponse.Builder response = TxnResponse.newBuilder().setSucceeded(succeeded);
    int nextNested = 0;
    for (RequestOp operation : operations) {
      ResponseOp.Builder answer = response.addResponsesBuilder();
      if (operation.hasRequestTxn()) {
        answer.setResponseTxn(nested.get(nextNested++).read(view, meter));
      } else {
        answer.setResponseRange(RangeReader.read(view, operation.getRequestRange(), meter));
      }
    }
    return response.setHeader(ResponseHeader.newBuilder().setRevision(view.revision())).build();
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

  private static final class Limit implements Meter {

    private long left;

    Limit(long bytes) {
      left = bytes;
    }

    @Override
    public void bytes(long more) {
      left -= more;
      if (left < 0) {
        throw EtcdError.REQUEST_TOO_LARGE.exception();
      }
    }
  }
}
