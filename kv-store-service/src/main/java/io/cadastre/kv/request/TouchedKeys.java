package io.cadastre.kv.request;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.RequestOp.RequestCase;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.kv.mvcc.KeyRange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The keys that a branch of a transaction puts and the ranges it deletes.
 *
 * <p>A key may be put once and not lie in a deleted range, since all changes of a transaction share
 * one revision. Deleted ranges may overlap. Of a nested transaction one branch runs, so its two
 * branches may share keys. The order of the checks is etcd's: its own deletes first, then nested
 * transactions as they come, its own puts last.
 */
final class TouchedKeys {

  private final Set<ByteString> puts = new HashSet<>();
  private final List<KeyRange> deletes = new ArrayList<>();

  /** Collects a branch; throws where it could change a key twice. */
  static TouchedKeys of(List<RequestOp> branch) {
    TouchedKeys touched = new TouchedKeys();
    branch.stream()
        .filter(RequestOp::hasRequestDeleteRange)
        .map(RequestOp::getRequestDeleteRange)
        .map(delete -> KeyRange.of(delete.getKey(), delete.getRangeEnd()))
        .forEach(touched.deletes::add);
    branch.stream()
        .filter(RequestOp::hasRequestTxn)
        .map(RequestOp::getRequestTxn)
        .forEach(touched::nested);
    branch.stream()
        .filter(operation -> operation.getRequestCase() == RequestCase.REQUEST_PUT)
        .forEach(operation -> touched.put(operation.getRequestPut().getKey()));
    return touched;
  }

  private void nested(TxnRequest txn) {
    TouchedKeys success = of(txn.getSuccessList());
    TouchedKeys failure = of(txn.getFailureList());
    success.puts.forEach(this::put);
    failure.puts.stream().filter(key -> !success.puts.contains(key)).forEach(this::put);
    deletes.addAll(success.deletes);
    deletes.addAll(failure.deletes);
  }

  private void put(ByteString key) {
    byte[] bytes = key.toByteArray();
    if (!puts.add(key) || deletes.stream().anyMatch(range -> range.contains(bytes))) {
      throw EtcdError.DUPLICATE_KEY.exception();
    }
  }
}
