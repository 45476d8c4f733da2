package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.core.Scheduler;
import java.util.TreeSet;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * When a node does what it has put off, on the thread that writes to the others. Most of that is
 * heartbeats, to each member at a time of its own. Here they go out together, so that a leader with
 * nothing else to do wakes up once for all members.
 */
final class NodeTimers implements Scheduler {

  /** Sooner by half, but no more than this. */
  private static final long MOST_SOONER_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final ScheduledExecutorService thread;
  private final LongSupplier nanoTime;
  private final long origin;

  /** When something is to be done, counted from the origin. */
  private final TreeSet<Long> moments = new TreeSet<>();

  private volatile boolean ended;

  /**
   * Makes it.
   *
   * @param thread where all is done; not ended with this
   */
  NodeTimers(ScheduledExecutorService thread, LongSupplier nanoTime) {
    this.thread = thread;
    this.nanoTime = nanoTime;
    origin = nanoTime.getAsLong();
  }

  /** Does it at about that time: with what is to be done a little sooner. */
  @Override
  public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
    long moment = momentWithin(unit.toNanos(delay));
    return thread.schedule(unlessEnded(command), moment - now(), TimeUnit.NANOSECONDS);
  }

  private long now() {
    return nanoTime.getAsLong() - origin;
  }

  private synchronized long momentWithin(long delay) {
    long now = now();
    moments.headSet(now, true).clear();
    long due = now + delay;
    Long other = moments.floor(due);
    if (other != null && due - other <= Math.min(delay / 2, MOST_SOONER_NANOS)) {
      return other;
    }
    boolean _ = moments.add(due);
    return due;
  }

  private Runnable unlessEnded(Runnable command) {
    if (ended) {
      throw new RejectedExecutionException("the node ends");
    }
    return () -> {
      if (!ended) {
        command.run();
      }
    };
  }

  @Override
  public ScheduledFuture<?> scheduleAtFixedRate(
      Runnable command, long initialDelay, long period, TimeUnit unit) {
    return thread.scheduleAtFixedRate(unlessEnded(command), initialDelay, period, unit);
  }

  @Override
  public ScheduledFuture<?> scheduleWithFixedDelay(
      Runnable command, long initialDelay, long delay, TimeUnit unit) {
    return thread.scheduleWithFixedDelay(unlessEnded(command), initialDelay, delay, unit);
  }

  @Override
  public void shutdown() {
    ended = true;
  }
}
