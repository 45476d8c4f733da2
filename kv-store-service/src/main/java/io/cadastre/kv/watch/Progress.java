package io.cadastre.kv.watch;

import io.cadastre.kv.watch.Watcher.State;

/** Tells how far watches have come of which nothing is to be told. */
final class Progress {

  private final Watchers watchers;
  private final Responses responses;
  private final Room room;
  private final ProgressTicks ticks;

  Progress(Watchers watchers, Responses responses, Room room, WatchLimits limits) {
    this.watchers = watchers;
    this.responses = responses;
    this.room = room;
    this.ticks = new ProgressTicks(limits.progressInterval());
  }

  void added(Watcher watcher, long nanos) {
    if (watcher.wantsProgress()) {
      ticks.add(watcher.stream(), nanos);
    }
  }

  /** Answers only when no watch of the stream has events to come: else the client asks again. */
  void answer(WatchStream stream) {
    if (stream.watchers().values().stream().allMatch(this::isUpToDate)) {
      stream.offer(responses.progress(watchers.told(), Responses.NO_WATCH));
    }
  }

  private boolean isUpToDate(Watcher watcher) {
    return watcher.state() == State.SYNCED && watcher.startRevision() <= watchers.told();
  }

  void tick(long nanos) {
    ticks.due(nanos).forEach(stream -> tick(stream, nanos));
  }

  private void tick(WatchStream stream, long nanos) {
    boolean anybody = false;
    for (Watcher watcher : stream.watchers().values()) {
      if (watcher.wantsProgress()) {
        anybody = true;
        if (!watcher.takeTold() && isUpToDate(watcher) && room.isIn(stream)) {
          stream.offer(responses.progress(watchers.told(), watcher.id()));
        }
      }
    }
    if (anybody) {
      ticks.add(stream, nanos);
    }
  }

  long nanosLeft(long nanos) {
    return ticks.nanosLeft(nanos);
  }
}
