package io.cadastre.kv.watch;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.contracts.kv.mvcc.Event.EventType;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Sorts the events of some transactions by the watchers that want them. */
final class Delivery {

  private final MvccStore store;
  private final Map<Watcher, List<Event>> wanted = new LinkedHashMap<>();

  private Delivery(MvccStore store) {
    this.store = store;
  }

  static Map<Watcher, List<Event>> sort(
      List<Transaction> transactions, WatcherIndex index, MvccStore store) {
    Delivery delivery = new Delivery(store);
    for (Transaction transaction : transactions) {
      for (Event event : transaction.events()) {
        delivery.add(transaction.revision(), event, index);
      }
    }
    return delivery.wanted;
  }

  private void add(long revision, Event event, WatcherIndex index) {
    ByteString key = event.getKv().getKey();
    Previous previous = new Previous(event);
    index.visit(
        key,
        watcher -> {
          if (watcher.next() <= revision && watcher.wants(event)) {
            wanted
                .computeIfAbsent(watcher, _ -> new ArrayList<>())
                .add(watcher.wantsPrevious() ? previous.added() : event);
          }
        });
  }

  /** Looks up once, and only for somebody who wants it, what the key was before. */
  private final class Previous {

    private final Event event;
    private @Nullable Event added;

    Previous(Event event) {
      this.event = event;
    }

    Event added() {
      if (added == null) {
        added = isCreate() ? event : with(store.before(event.getKv().getKey(), revision()));
      }
      return added;
    }

    private Event with(@Nullable KeyValue previous) {
      return previous == null ? event : event.toBuilder().setPrevKv(previous).build();
    }

    private boolean isCreate() {
      return event.getType() == EventType.PUT && event.getKv().getVersion() == 1;
    }

    private long revision() {
      return event.getKv().getModRevision();
    }
  }
}
