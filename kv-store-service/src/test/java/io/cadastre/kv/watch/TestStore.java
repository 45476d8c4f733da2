package io.cadastre.kv.watch;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.Transaction;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** A store with a hub that is told of what is written. */
final class TestStore {

  final MvccStore store = MvccStore.open(new MemoryEngine());
  long nanos;
  final WatchHub hub;

  TestStore(WatchLimits limits) {
    hub = new WatchHub(() -> store, TestStore::header, limits, () -> nanos);
  }

  static WatchLimits small() {
    return new WatchLimits(200, 2_000, 600, 6_000, 1_000, Duration.ofMinutes(10));
  }

  private static ResponseHeader header(long revision) {
    return ResponseHeader.newBuilder().setRevision(revision).build();
  }

  List<Transaction> put(String key, String value) {
    return write(txn -> txn.put(utf8(key), utf8(value), 0));
  }

  List<Transaction> delete(String key) {
    return write(txn -> txn.deleteRange(KeyRange.of(utf8(key), ByteString.EMPTY)));
  }

  List<Transaction> write(Consumer<io.cadastre.kv.mvcc.WriteTxn> body) {
    store.write(txn -> {
      body.accept(txn);
      return 0;
    });
    List<Transaction> committed = store.commit(_ -> {});
    hub.publish(committed);
    return committed;
  }

  void compact(long revision) {
    store.compact(revision);
    store.commit(_ -> {});
    while (store.sweep(100)) {
      store.commit(_ -> {});
    }
    store.commit(_ -> {});
  }

  void settle() {
    while (hub.step()) {
      // Until there is nothing left to do.
    }
  }

  static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
