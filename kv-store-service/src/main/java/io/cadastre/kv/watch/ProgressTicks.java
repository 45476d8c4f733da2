package io.cadastre.kv.watch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/** When which stream's quiet watches are due to hear how far they have come. */
final class ProgressTicks {

  private static final int JITTER_PERCENT = 10;

  private final long intervalNanos;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final PriorityQueue<WatchStream> streams =
      new PriorityQueue<>(Comparator.comparingLong(WatchStream::nextTick));

  ProgressTicks(Duration interval) {
    this.intervalNanos = interval.toNanos();
  }

  /** A stream is due one interval from now, and a little later, so that not all are at once. */
  void add(WatchStream stream, long now) {
    if (!stream.isTicking()) {
      stream.tickAt(now + intervalNanos + random.nextLong(intervalNanos * JITTER_PERCENT / 100));
      streams.add(stream);
    }
  }

  List<WatchStream> due(long now) {
    List<WatchStream> due = new ArrayList<>();
    while (!streams.isEmpty() && streams.element().nextTick() <= now) {
      WatchStream stream = streams.remove();
      stream.tickDone();
      due.add(stream);
    }
    return due;
  }

  long nanosLeft(long now) {
    return streams.isEmpty() ? Long.MAX_VALUE : Math.max(1, streams.element().nextTick() - now);
  }
}
