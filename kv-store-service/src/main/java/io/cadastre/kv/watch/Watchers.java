package io.cadastre.kv.watch;

import io.cadastre.kv.watch.Watcher.State;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.Set;

/**
 * Who watches, and where each gets its events from. The hub's thread alone touches it, but for the
 * counts.
 */
final class Watchers {

  private final Room room;
  private final Set<WatchStream> streams = new LinkedHashSet<>();
  private final WatcherIndex synced = new WatcherIndex();
  private final SequencedSet<Watcher> behind = new LinkedHashSet<>();

  /** Synced watchers were told everything up to here. */
  private long told;

  private volatile WatchCounts counts = new WatchCounts(0, 0, 0);
  private int watcherCount;
  private int slowCount;

  Watchers(Room room) {
    this.room = room;
  }

  Set<WatchStream> streams() {
    return streams;
  }

  WatcherIndex synced() {
    return synced;
  }

  /** Who waits longest is first. */
  SequencedSet<Watcher> behind() {
    return behind;
  }

  long told() {
    return told;
  }

  void toldUpTo(long revision) {
    told = revision;
  }

  WatchCounts counts() {
    return counts;
  }

  void opened(WatchStream stream) {
    streams.add(stream);
    count();
  }

  void closed(WatchStream stream) {
    List.copyOf(stream.watchers().values()).forEach(this::remove);
    streams.remove(stream);
    count();
  }

  /** Takes up a watcher; what lies before it was told already, it reads from the history. */
  void add(Watcher watcher) {
    watcher.stream().watchers().put(watcher.id(), watcher);
    watcherCount++;
    join(watcher);
    count();
  }

  void remove(Watcher watcher) {
    leave(watcher);
    watcher.stream().watchers().remove(watcher.id());
    watcherCount--;
    count();
  }

  /** Has a watcher go on that read some history. */
  void goOn(Watcher watcher) {
    behind.remove(watcher);
    join(watcher);
  }

  private void join(Watcher watcher) {
    if (watcher.next() > told) {
      watcher.become(State.SYNCED);
      synced.add(watcher);
    } else {
      fallBehind(watcher);
    }
  }

  private void fallBehind(Watcher watcher) {
    watcher.become(State.BEHIND);
    behind.add(watcher);
  }

  private void leave(Watcher watcher) {
    switch (watcher.state()) {
      case SYNCED -> {
        synced.remove(watcher);
        watcher.advanceTo(told + 1);
      }
      case BEHIND -> behind.remove(watcher);
      case WAITING_FOR_ROOM -> {
        watcher.stream().waiting().remove(watcher);
        slowCount--;
      }
    }
  }

  /** Has all read the history, since something before a revision was missed. */
  void fallBehindUpTo(long revision) {
    for (WatchStream stream : streams) {
      for (Watcher watcher : stream.watchers().values()) {
        if (watcher.state() == State.SYNCED) {
          leave(watcher);
          fallBehind(watcher);
        }
      }
    }
    told = revision;
  }

  void waitForRoom(Watcher watcher) {
    leave(watcher);
    watcher.become(State.WAITING_FOR_ROOM);
    WatchStream stream = watcher.stream();
    stream.waiting().add(watcher);
    slowCount++;
    stream.starve();
    // The client may have taken the last response just before it was marked.
    if (room.isIn(stream)) {
      release(stream);
    }
    count();
  }

  void release(WatchStream stream) {
    for (Watcher watcher : List.copyOf(stream.waiting())) {
      leave(watcher);
      fallBehind(watcher);
    }
    count();
  }

  private void count() {
    counts = new WatchCounts(streams.size(), watcherCount, slowCount);
  }
}
