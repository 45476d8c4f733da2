package io.cadastre.kv.compaction;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.OptionalLong;

/** Decides when which revision is given up. Asked by one thread, every {@link #interval}. */
public final class AutoCompaction {

  /** As often as etcd. */
  private static final Duration LONGEST_INTERVAL = Duration.ofHours(1);

  private static final Duration REVISIONS_INTERVAL = Duration.ofMinutes(5);
  private static final int LOOKS_IN_AN_INTERVAL = 10;

  private final Retention retention;
  private final ArrayDeque<Sample> samples = new ArrayDeque<>();
  private long compacted;
  private long compactedAtNanos;

  public AutoCompaction(Retention retention, long nowNanos) {
    this.retention = retention;
    this.compactedAtNanos = nowNanos;
  }

  /** How often to ask. */
  public Duration interval() {
    return switch (retention) {
      case Retention.Everything() -> LONGEST_INTERVAL;
      case Retention.Period(Duration kept) -> atMostAnHour(kept).dividedBy(LOOKS_IN_AN_INTERVAL);
      case Retention.Revisions(long _) -> REVISIONS_INTERVAL;
    };
  }

  private static Duration atMostAnHour(Duration kept) {
    return kept.compareTo(LONGEST_INTERVAL) < 0 ? kept : LONGEST_INTERVAL;
  }

  /** The revision to compact at now; empty = none. */
  public OptionalLong due(long nowNanos, long revision) {
    return switch (retention) {
      case Retention.Everything() -> OptionalLong.empty();
      case Retention.Period(Duration kept) -> due(nowNanos, revision, kept);
      case Retention.Revisions(long kept) -> once(revision - kept, nowNanos);
    };
  }

  private OptionalLong due(long nowNanos, long revision, Duration kept) {
    samples.addLast(new Sample(nowNanos, revision));
    long last = 0;
    while (!samples.isEmpty() && nowNanos - samples.getFirst().atNanos >= kept.toNanos()) {
      last = samples.removeFirst().revision;
    }
    if (last != 0) {
      samples.addFirst(new Sample(nowNanos - kept.toNanos(), last));
    }
    boolean longAgo = nowNanos - compactedAtNanos >= atMostAnHour(kept).toNanos();
    return longAgo ? once(last, nowNanos) : OptionalLong.empty();
  }

  private OptionalLong once(long revision, long nowNanos) {
    if (revision <= Math.max(compacted, 1)) {
      return OptionalLong.empty();
    }
    compacted = revision;
    compactedAtNanos = nowNanos;
    return OptionalLong.of(revision);
  }

  private record Sample(long atNanos, long revision) {}
}
