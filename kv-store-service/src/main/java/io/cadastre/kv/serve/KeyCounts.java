package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.contracts.kv.mvcc.Event.EventType;
import io.cadastre.kv.metrics.MetricsText;
import io.cadastre.kv.mvcc.Transaction;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** Counts what is done to keys on this member. */
final class KeyCounts {

  private final LongAdder ranges = new LongAdder();
  private final LongAdder puts = new LongAdder();
  private final LongAdder putBytes = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder transactions = new LongAdder();

  /** Somebody reads a range. */
  void range() {
    ranges.increment();
  }

  void committed(List<Transaction> committed) {
    for (Transaction transaction : committed) {
      for (Event event : transaction.events()) {
        if (event.getType() == EventType.PUT) {
          puts.increment();
          putBytes.add(event.getKv().getSerializedSize());
        } else {
          deletes.increment();
        }
      }
      // As etcd: what changes a single key is none.
      if (transaction.events().size() > 1) {
        transactions.increment();
      }
    }
  }

  /** Some of them also under the names that they had with older releases of etcd. */
  void write(MetricsText text) {
    for (String prefix : List.of("etcd_mvcc_", "etcd_debugging_mvcc_")) {
      text.counter(prefix + "range_total", "Ranges read.", ranges.sum());
      text.counter(prefix + "put_total", "Puts.", puts.sum());
      text.counter(prefix + "delete_total", "Deletes.", deletes.sum());
      text.counter(prefix + "txn_total", "Changes of several keys.", transactions.sum());
    }
    text.gauge("etcd_debugging_mvcc_total_put_size_in_bytes", "Bytes put.", putBytes.sum());
  }
}
