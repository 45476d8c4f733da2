package io.cadastre.kv.apply;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.DeleteRangeResponse;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.PutResponse;
import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.TxnResponse;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.ReadView.Selection;
import io.cadastre.kv.mvcc.WriteTxn;
import io.cadastre.kv.request.EtcdError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts, deletes and transactions, each in one revision. What is refused is refused before anything
 * is changed.
 */
public final class KvApplier {

  private final MvccStore store;
  private final Leases leases;

  public KvApplier(MvccStore store, Leases leases) {
    this.store = store;
    this.leases = leases;
  }

  /** Stores one value. */
  public PutResponse put(PutRequest request) {
    return store.write(txn -> {
      checkPut(txn, request);
      return put(txn, request);
    });
  }

  /** Deletes the keys of a range. */
  public DeleteRangeResponse deleteRange(DeleteRangeRequest request) {
    return store.write(txn -> deleteRange(txn, request));
  }

  /** Runs the branch that the comparisons choose. */
  public TxnResponse txn(TxnRequest request) {
    return store.write(txn -> {
      Branch branch = Branch.choose(txn, request, Meter.NONE);
      branch.check(this, txn);
      return branch.run(this, txn);
    });
  }

  void checkPut(WriteTxn txn, PutRequest request) {
    if (request.getLease() != 0 && !leases.exists(request.getLease())) {
      throw EtcdError.LEASE_NOT_FOUND.exception();
    }
    if ((request.getIgnoreValue() || request.getIgnoreLease()) && previous(txn, request) == null) {
      throw EtcdError.KEY_NOT_FOUND.exception();
    }
  }

  PutResponse put(WriteTxn txn, PutRequest request) {
    boolean wantsPrevious =
        request.getPrevKv() || request.getIgnoreValue() || request.getIgnoreLease();
    KeyValue previous = wantsPrevious ? previous(txn, request) : null;
    ByteString value =
        request.getIgnoreValue() && previous != null ? previous.getValue() : request.getValue();
    long lease =
        request.getIgnoreLease() && previous != null ? previous.getLease() : request.getLease();
    txn.put(request.getKey(), value, lease);
    leases.attach(request.getKey(), lease);
    PutResponse.Builder response = PutResponse.newBuilder().setHeader(header(txn));
    if (request.getPrevKv() && previous != null) {
      response.setPrevKv(previous);
    }
    return response.build();
  }

  private static @Nullable KeyValue previous(WriteTxn txn, PutRequest request) {
    return txn.get(request.getKey().toByteArray());
  }

  DeleteRangeResponse deleteRange(WriteTxn txn, DeleteRangeRequest request) {
    KeyRange range = KeyRange.of(request.getKey(), request.getRangeEnd());
    DeleteRangeResponse.Builder response = DeleteRangeResponse.newBuilder();
    if (request.getPrevKv()) {
      response.addAllPrevKvs(txn.range(range, Selection.NEWEST).kvs());
    }
    List<ByteString> deleted = txn.deleteRange(range);
    deleted.forEach(key -> leases.attach(key, 0));
    return response.setDeleted(deleted.size()).setHeader(header(txn)).build();
  }

  static ResponseHeader header(WriteTxn txn) {
    return ResponseHeader.newBuilder().setRevision(txn.revision()).build();
  }
}
