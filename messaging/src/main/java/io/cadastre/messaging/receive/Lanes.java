package io.cadastre.messaging.receive;

import io.cadastre.messaging.receive.Lane.LaneKey;
import io.cadastre.messaging.receive.Work.State;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Decides which of the records taken from a topic may be handled now, and up to where their offsets
 * may be committed. Plain state: no thread, no clock, no Kafka; the caller holds a lock.
 *
 * <p>Records with the same key of the same partition form a lane and are handled one after another;
 * a record without key is a lane of its own. Lanes take turns for {@code concurrency} slots. A
 * revoked partition's queued records are dropped; a lane outlives the revocation while its first
 * record still runs, so that a key is not handled twice at once when the partition comes back.
 *
 * @param <P> names a partition
 * @param <R> a record
 */
final class Lanes<P, R> {

  private final int concurrency;
  private final int lookAhead;
  private final long maxBytes;
  private final Map<P, OffsetLedger> ledgers = new HashMap<>();
  private final Map<LaneKey<P>, Lane<P, R>> lanes = new HashMap<>();
  private final Deque<Lane<P, R>> ready = new ArrayDeque<>();
  private long heldBytes;
  private int running;

  Lanes(int concurrency, int lookAhead, long maxBytes) {
    this.concurrency = concurrency;
    this.lookAhead = lookAhead;
    this.maxBytes = maxBytes;
  }

  void assign(P partition) {
    if (ledgers.putIfAbsent(partition, new OffsetLedger()) != null) {
      throw new IllegalStateException(partition + " is already assigned");
    }
  }

  /** Takes the next record of a partition. */
  void add(P partition, long offset, @Nullable Object key, int bytes, R record) {
    OffsetLedger ledger = ledger(partition);
    if (ledger.size() >= lookAhead) {
      throw new IllegalStateException(partition + " is full: " + ledger.size() + " records");
    }
    OffsetLedger.Entry entry = ledger.take(offset);
    LaneKey<P> laneKey = new LaneKey<>(partition, key == null ? new Object() : key);
    Lane<P, R> lane = lanes.computeIfAbsent(laneKey, Lane::new);
    lane.queue().add(new Work<>(partition, record, bytes, ledger, entry, lane));
    heldBytes += bytes;
    if (lane.queue().size() == 1) {
      ready.add(lane);
    }
  }

  /** Whether a partition has no room for {@code records} more. */
  boolean isFull(P partition, int records) {
    return heldBytes >= maxBytes || ledger(partition).size() + records > lookAhead;
  }

  /** What may be handled from now on, as slots allow. */
  List<Work<P, R>> start() {
    List<Work<P, R>> started = new ArrayList<>();
    while (running < concurrency && !ready.isEmpty()) {
      Work<P, R> work = ready.remove().queue().element();
      work.become(State.RUNNING);
      running++;
      started.add(work);
    }
    return started;
  }

  /** It is done, and its offset counts. */
  void finish(Work<P, R> work) {
    work.become(State.GONE);
    running--;
    work.ledger().done(work.entry());
    leave(work);
  }

  /** It ended without being done; its partition is never committed beyond it. */
  void abandon(Work<P, R> work) {
    work.become(State.GONE);
    running--;
    leave(work);
  }

  /** It met an outage: others get its slot, those behind it in its lane wait. */
  void park(Work<P, R> work) {
    running--;
    if (ledgers.get(work.partition()) == work.ledger()) {
      work.become(State.PARKED);
    } else {
      work.become(State.GONE);
      leave(work);
    }
  }

  /** It may be tried again; nothing happens where its partition moved away meanwhile. */
  void resume(Work<P, R> work) {
    if (work.state() == State.PARKED) {
      work.become(State.QUEUED);
      ready.add(work.lane());
    }
  }

  /** Drops what is queued or parked; what runs goes on, and is counted by the ledger returned. */
  OffsetLedger revoke(P partition) {
    OffsetLedger ledger = ledger(partition);
    ledgers.remove(partition);
    for (Lane<P, R> lane : List.copyOf(lanes.values())) {
      if (lane.key().partition().equals(partition)) {
        drop(lane);
      }
    }
    return ledger;
  }

  private void drop(Lane<P, R> lane) {
    ready.remove(lane);
    lane.queue()
        .removeIf(work -> {
          if (work.state() == State.RUNNING) {
            return false;
          }
          work.become(State.GONE);
          heldBytes -= work.bytes();
          return true;
        });
    if (lane.queue().isEmpty()) {
      lanes.remove(lane.key());
    }
  }

  private void leave(Work<P, R> work) {
    Lane<P, R> lane = work.lane();
    if (lane.queue().remove() != work) {
      throw new IllegalStateException("work left its lane out of turn");
    }
    heldBytes -= work.bytes();
    if (lane.queue().isEmpty()) {
      lanes.remove(lane.key());
    } else {
      ready.add(lane);
    }
  }

  /** The offset that may be committed; empty before the first record of the partition is done. */
  OptionalLong committable(P partition) {
    return ledger(partition).committable();
  }

  /** Records taken and not yet committable. */
  int held(P partition) {
    return ledger(partition).size();
  }

  int running() {
    return running;
  }

  private OffsetLedger ledger(P partition) {
    OffsetLedger ledger = ledgers.get(partition);
    if (ledger == null) {
      throw new IllegalStateException(partition + " is not assigned");
    }
    return ledger;
  }
}
