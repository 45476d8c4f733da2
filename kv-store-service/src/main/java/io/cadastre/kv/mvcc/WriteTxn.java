package io.cadastre.kv.mvcc;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.contracts.kv.mvcc.Event.EventType;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A transaction under way. It reads what it wrote itself. All its changes carry one main revision,
 * the one after that of the store.
 */
public final class WriteTxn implements ReadView {

  private final MvccStore store;
  private final long base;
  private final List<Event> events = new ArrayList<>();

  WriteTxn(MvccStore store, long base) {
    this.store = store;
    this.base = base;
  }

  /** Of the store after this transaction, if it ended here. */
  @Override
  public long revision() {
    return events.isEmpty() ? base : base + 1;
  }

  @Override
  public long firstRevision() {
    return store.firstRevision();
  }

  @Override
  public Visited visit(KeyRange range, long requested, Visitor visitor) {
    long revision = requested <= 0 ? revision() : requested;
    if (revision > revision()) {
      throw new FutureRevisionException(revision, revision());
    }
    if (revision < firstRevision()) {
      throw new CompactedException(revision, firstRevision());
    }
    return new RangeScan(store::written, revision, visitor).over(store.index(), range, revision());
  }

  /** The key as it is now; null where it does not exist. */
  public @Nullable KeyValue get(byte[] key) {
    KeyHistory history = store.index().known(key);
    Revision newest = history == null ? null : history.at(Long.MAX_VALUE);
    return newest == null ? null : store.written(newest);
  }

  /**
   * Stores a value.
   *
   * @param lease 0 = none
   */
  public KeyValue put(ByteString key, ByteString value, long lease) {
    Revision revision = next();
    KeyHistory history = store.index().getOrCreate(key.toByteArray());
    history.put(revision);
    KeyValue kv =
        KeyValue.newBuilder()
            .setKey(key)
            .setValue(value)
            .setLease(lease)
            .setCreateRevision(history.createRevision())
            .setModRevision(revision.main())
            .setVersion(history.version())
            .build();
    store.record(revision, kv, false);
    events.add(Event.newBuilder().setType(EventType.PUT).setKv(kv).build());
    return kv;
  }

  /** Deletes the keys of a range, in order, and says which they were. */
  public List<ByteString> deleteRange(KeyRange range) {
    List<byte[]> keys = new ArrayList<>();
    store
        .index()
        .visit(
            range,
            (key, history) -> {
              if (history.existsAt(Long.MAX_VALUE)) {
                keys.add(key);
              }
              return true;
            });
    return keys.stream().map(this::delete).toList();
  }

  private ByteString delete(byte[] key) {
    Revision revision = next();
    store.index().getOrCreate(key).delete(revision);
    ByteString name = ByteString.copyFrom(key);
    store.record(revision, KeyValue.newBuilder().setKey(name).build(), true);
    events.add(
        Event.newBuilder()
            .setType(EventType.DELETE)
            .setKv(KeyValue.newBuilder().setKey(name).setModRevision(revision.main()))
            .build());
    return name;
  }

  private Revision next() {
    return new Revision(base + 1, events.size());
  }

  List<Event> events() {
    return events;
  }
}
