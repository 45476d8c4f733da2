package io.cadastre.kv.mvcc;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.Changes;
import io.cadastre.kv.engine.StorageEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Keys with their history, over an engine.
 *
 * <p>One thread writes: it runs transactions with {@link #write}, and makes a run of them visible
 * at once with {@link #commit}. Readers on any thread see what is committed, and never half of a
 * run.
 */
public final class MvccStore implements ReadView {

  /** An empty store is at revision 1: the first transaction gets 2, as in etcd. */
  private static final long EMPTY_REVISION = 1;

  private static final long NEVER_COMPACTED = -1;

  private final StorageEngine engine;
  private final KeyIndex index = new KeyIndex();

  /** The writer's: what ran since the last commit. */
  private final Map<Revision, KeyValue> uncommitted = new HashMap<>();

  private Changes changes = new Changes();
  private List<Transaction> transactions = new ArrayList<>();
  private long writtenRevision;
  private @Nullable CompactionSweep sweep;

  /** Done when nothing is left of any compaction. */
  private volatile CompletableFuture<Void> swept = CompletableFuture.completedFuture(null);

  private volatile long committedRevision;
  private volatile long compactRevision;

  private MvccStore(StorageEngine engine) {
    this.engine = engine;
  }

  /**
   * Opens what an engine holds; rebuilds the index, and takes up a compaction that was not
   * finished.
   */
  public static MvccStore open(StorageEngine engine) {
    return open(engine, (_, _) -> {});
  }

  /**
   * Opens what an engine holds.
   *
   * @param leases hears, for every key in the order of its changes, which lease it hangs on; 0 =
   *     none
   */
  public static MvccStore open(StorageEngine engine, ObjLongConsumer<ByteString> leases) {
    MvccStore store = new MvccStore(engine);
    Restored restored = Restored.from(engine, store.index, leases);
    store.compactRevision = restored.compactRevision().orElse(NEVER_COMPACTED);
    store.writtenRevision =
        Math.max(EMPTY_REVISION, Math.max(restored.newestRevision(), store.compactRevision));
    store.committedRevision = store.writtenRevision;
    if (restored.compactionUnfinished()) {
      store.sweepFrom(store.compactRevision);
    }
    return store;
  }

  @Override
  public long revision() {
    return committedRevision;
  }

  @Override
  public long firstRevision() {
    return compactRevision;
  }

  @Override
  public Visited visit(KeyRange range, long requested, Visitor visitor) {
    long storeRevision = committedRevision;
    long revision = checked(requested, storeRevision);
    Visited visited =
        new RangeScan(this::stored, revision, visitor).over(index, range, storeRevision);
    // A compaction may have swept under the scan: then what it found is not to be trusted.
    checked(requested, storeRevision);
    return visited;
  }

  private long checked(long requested, long storeRevision) {
    long revision = requested <= 0 ? storeRevision : requested;
    if (revision > storeRevision) {
      throw new FutureRevisionException(revision, storeRevision);
    }
    long oldest = compactRevision;
    if (revision < oldest) {
      throw new CompactedException(revision, oldest);
    }
    return revision;
  }

  private KeyValue stored(Revision revision) {
    byte[] value = engine.get(Bucket.KEY, revision.encode(false));
    if (value == null) {
      long oldest = compactRevision;
      if (revision.main() < oldest) {
        throw new CompactedException(revision.main(), oldest);
      }
      throw new IllegalStateException(revision + " is in the index but not in the engine");
    }
    return parse(revision, value);
  }

  static KeyValue parse(Revision revision, byte[] value) {
    try {
      return KeyValue.parseFrom(value);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException(revision + " does not hold a key and value", e);
    }
  }

  /**
   * What was changed from a revision on, as far as a page goes: whole transactions, at least one
   * where there is one.
   *
   * @param mostBytes how large the page grows before it ends
   * @throws CompactedException where the revision is compacted away
   */
  public HistoryPage history(long from, long mostBytes) {
    long newest = committedRevision;
    if (from > newest) {
      return new HistoryPage(List.of(), newest);
    }
    checked(from, newest);
    HistoryPage page = HistoryPage.read(engine, from, newest, mostBytes);
    // A compaction may have swept under the scan.
    checked(from, newest);
    return page;
  }

  /**
   * What a key was before the change at a revision; null where it did not exist, or is no longer
   * known.
   */
  public @Nullable KeyValue before(ByteString key, long revision) {
    KeyHistory history = index.get(key.toByteArray());
    Revision previous = history == null ? null : history.at(revision - 1);
    if (previous == null) {
      return null;
    }
    byte[] value = engine.get(Bucket.KEY, previous.encode(false));
    return value == null ? null : parse(previous, value);
  }

  /** Runs one transaction. The writer's alone; nobody else sees it before {@link #commit}. */
  public <T> T write(java.util.function.Function<WriteTxn, T> body) {
    WriteTxn transaction = new WriteTxn(this, writtenRevision);
    T result = body.apply(transaction);
    List<Event> events = transaction.events();
    if (!events.isEmpty()) {
      writtenRevision++;
      transactions.add(new Transaction(writtenRevision, events));
    }
    return result;
  }

  /**
   * Writes all that ran since the last commit, atomically and together with what the caller adds,
   * and makes it visible.
   *
   * @param alongside adds changes in other buckets, above all the index of the log entry
   * @return the transactions that changed something, in order
   */
  public List<Transaction> commit(Consumer<Changes> alongside) {
    alongside.accept(changes);
    if (!changes.isEmpty()) {
      engine.write(changes);
    }
    List<Transaction> committed = transactions;
    committedRevision = writtenRevision;
    if (sweep == null) {
      boolean _ = swept.complete(null);
    }
    changes = new Changes();
    transactions = new ArrayList<>();
    uncommitted.clear();
    return committed;
  }

  /** Adds changes in other buckets to what the next {@link #commit} writes. The writer's alone. */
  public void alongside(Consumer<Changes> addition) {
    addition.accept(changes);
  }

  /**
   * Gives up the history before a revision. From the next {@link #commit} on it cannot be read; the
   * space is reclaimed by {@link #sweep}.
   *
   * @throws CompactedException where that is done already
   * @throws FutureRevisionException where the revision does not exist yet
   */
  public void compact(long revision) {
    if (revision <= compactRevision) {
      throw new CompactedException(revision, compactRevision);
    }
    if (revision > writtenRevision) {
      throw new FutureRevisionException(revision, writtenRevision);
    }
    changes.put(
        Bucket.META, Restored.SCHEDULED_COMPACTION, new Revision(revision, 0).encode(false));
    compactRevision = revision;
    sweepFrom(revision);
  }

  /** One that is under way ends in the new one: that goes over all of it again. */
  private void sweepFrom(long revision) {
    sweep = CompactionSweep.begin(index, revision, sweep);
    if (swept.isDone()) {
      swept = new CompletableFuture<>();
    }
  }

  /** Done when the space of what compactions gave up so far is reclaimed. */
  public CompletableFuture<Void> swept() {
    return swept.copy();
  }

  /**
   * Reclaims some of what a compaction gave up. The writer calls it between runs, so that a large
   * compaction does not hold up writes; what it removes is written with the next {@link #commit}.
   *
   * @param enough ends it: so many keys looked at and versions dropped together
   * @return whether there was anything to do, and so there is something to commit
   */
  public boolean sweep(int enough) {
    CompactionSweep current = sweep;
    if (current == null) {
      return false;
    }
    boolean more = current.step(enough, changes);
    if (!more) {
      changes.put(
          Bucket.META,
          Restored.FINISHED_COMPACTION,
          new Revision(current.compactRevision(), 0).encode(false));
      sweep = null;
    }
    return true;
  }

  /**
   * The hash of the history up to a revision: equal on every member with the same compaction
   * revision, and equal to that of etcd with the same history.
   *
   * @param upTo 0 or less = the newest
   */
  public HistoryHash hash(long upTo) {
    long storeRevision = committedRevision;
    long revision = checked(upTo, storeRevision);
    long compacted = compactRevision;
    try (StorageEngine.View view = engine.view()) {
      HistoryHash hash = HistoryHash.of(view, index, compacted, revision);
      if (compacted != compactRevision) {
        return hash(revision);
      }
      return hash;
    }
  }

  KeyIndex index() {
    return index;
  }

  /** What a transaction reads: also what ran before it and is not committed. */
  KeyValue written(Revision revision) {
    KeyValue pending = uncommitted.get(revision);
    return pending != null ? pending : stored(revision);
  }

  void record(Revision revision, KeyValue kv, boolean tombstone) {
    changes.put(Bucket.KEY, revision.encode(tombstone), kv.toByteArray());
    if (!tombstone) {
      uncommitted.put(revision, kv);
    }
  }
}
