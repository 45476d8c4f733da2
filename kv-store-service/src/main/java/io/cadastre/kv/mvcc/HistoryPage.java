package io.cadastre.kv.mvcc;

import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.contracts.kv.mvcc.Event.EventType;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import java.util.ArrayList;
import java.util.List;

/**
 * Transactions as they lie in the history.
 *
 * @param upTo there is no other up to this revision
 */
public record HistoryPage(List<Transaction> transactions, long upTo) {

  public HistoryPage {
    transactions = List.copyOf(transactions);
  }

  static HistoryPage read(StorageEngine engine, long from, long newest, long mostBytes) {
    Reading reading = new Reading(newest, mostBytes);
    engine.scan(
        Bucket.KEY,
        new Revision(from, 0).encode(false),
        new Revision(newest + 1, 0).encode(false),
        reading::take);
    reading.endTransaction();
    return new HistoryPage(reading.transactions, reading.upTo);
  }

  /** Puts the changes together to transactions again. */
  private static final class Reading {

    private final List<Transaction> transactions = new ArrayList<>();
    private final long mostBytes;
    private List<Event> events = new ArrayList<>();
    private long revision;
    private long bytes;
    private long upTo;

    Reading(long newest, long mostBytes) {
      this.upTo = newest;
      this.mostBytes = mostBytes;
    }

    boolean take(byte[] key, byte[] value) {
      Revision at = Revision.decode(key);
      if (at.main() != revision) {
        if (bytes >= mostBytes) {
          upTo = revision;
          return false;
        }
        endTransaction();
        revision = at.main();
      }
      bytes += key.length + value.length;
      KeyValue kv = MvccStore.parse(at, value);
      events.add(
          Revision.isTombstone(key)
              ? Event.newBuilder()
                  .setType(EventType.DELETE)
                  .setKv(kv.toBuilder().setModRevision(at.main()))
                  .build()
              : Event.newBuilder().setType(EventType.PUT).setKv(kv).build());
      return true;
    }

    void endTransaction() {
      if (!events.isEmpty()) {
        transactions.add(new Transaction(revision, events));
        events = new ArrayList<>();
      }
    }
  }
}
