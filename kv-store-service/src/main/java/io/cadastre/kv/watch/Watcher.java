package io.cadastre.kv.watch;

import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchCreateRequest.FilterType;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.contracts.kv.mvcc.Event.EventType;
import io.cadastre.kv.mvcc.KeyRange;

/** One watch of a stream, and how far it has come. The hub's thread alone touches it. */
final class Watcher {

  private final WatchStream stream;
  private final long id;
  private final KeyRange range;
  private final WatchCreateRequest request;
  private final boolean puts;
  private final boolean deletes;

  /** Everything before this revision was told, or is not wanted. */
  private long next;

  private State state = State.BEHIND;
  private boolean toldSinceTick;

  /** Where a watcher gets its events from. */
  enum State {
    /** From the transactions as they happen. */
    SYNCED,
    /** From the history. */
    BEHIND,
    /** From nowhere, until the client has taken what lies ready for it. */
    WAITING_FOR_ROOM
  }

  Watcher(WatchStream stream, long id, KeyRange range, WatchCreateRequest request, long next) {
    this.stream = stream;
    this.id = id;
    this.range = range;
    this.request = request;
    this.next = next;
    this.puts = !request.getFiltersList().contains(FilterType.NOPUT);
    this.deletes = !request.getFiltersList().contains(FilterType.NODELETE);
  }

  WatchStream stream() {
    return stream;
  }

  long id() {
    return id;
  }

  KeyRange range() {
    return range;
  }

  boolean wantsPrevious() {
    return request.getPrevKv();
  }

  boolean takesFragments() {
    return request.getFragment();
  }

  boolean wantsProgress() {
    return request.getProgressNotify();
  }

  /** As the client asked for it; 0 = from now on. */
  long startRevision() {
    return request.getStartRevision();
  }

  boolean wants(Event event) {
    return event.getType() == EventType.PUT ? puts : deletes;
  }

  long next() {
    return next;
  }

  void advanceTo(long revision) {
    next = Math.max(next, revision);
  }

  State state() {
    return state;
  }

  void become(State newState) {
    state = newState;
  }

  void told() {
    toldSinceTick = true;
  }

  /** Whether events were sent since this was last asked. */
  boolean takeTold() {
    boolean told = toldSinceTick;
    toldSinceTick = false;
    return told;
  }
}
