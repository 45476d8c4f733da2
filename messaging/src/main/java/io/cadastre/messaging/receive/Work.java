package io.cadastre.messaging.receive;

import java.util.Set;

/** A record on its way through {@link Lanes}. */
final class Work<P, R> {

  /** Its states, each with those that may follow. */
  enum State {
    /** Waits for those before it in its lane, or for a free slot. */
    QUEUED,
    RUNNING,
    /** Between two attempts; holds its lane but no slot. */
    PARKED,
    /** Finished, or given up because the partition moved away. */
    GONE;

    private Set<State> next() {
      return switch (this) {
        case QUEUED -> Set.of(RUNNING, GONE);
        case RUNNING -> Set.of(PARKED, GONE);
        case PARKED -> Set.of(QUEUED, GONE);
        case GONE -> Set.of();
      };
    }
  }

  private final P partition;
  private final R record;
  private final int bytes;
  private final OffsetLedger ledger;
  private final OffsetLedger.Entry entry;
  private final Lane<P, R> lane;
  private State state = State.QUEUED;
  private int failures;

  Work(
      P partition,
      R record,
      int bytes,
      OffsetLedger ledger,
      OffsetLedger.Entry entry,
      Lane<P, R> lane) {
    this.partition = partition;
    this.record = record;
    this.bytes = bytes;
    this.ledger = ledger;
    this.entry = entry;
    this.lane = lane;
  }

  void become(State next) {
    if (!state.next().contains(next)) {
      throw new IllegalStateException(state + " work cannot become " + next);
    }
    if (next == State.RUNNING) {
      ledger.started();
    }
    if (state == State.RUNNING) {
      ledger.stopped();
    }
    if (next == State.PARKED) {
      failures++;
    }
    state = next;
  }

  State state() {
    return state;
  }

  P partition() {
    return partition;
  }

  R record() {
    return record;
  }

  int bytes() {
    return bytes;
  }

  OffsetLedger ledger() {
    return ledger;
  }

  OffsetLedger.Entry entry() {
    return entry;
  }

  Lane<P, R> lane() {
    return lane;
  }

  /** How often handling it met an outage. */
  int failures() {
    return failures;
  }
}
