package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.util.timer.Timeout;
import com.alipay.sofa.jraft.util.timer.Timer;
import com.alipay.sofa.jraft.util.timer.TimerTask;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts from when the leader was heard last. JRaft's own election timer goes round whether the
 * leader is heard or not, and so finds out up to a whole round late that it is not.
 *
 * <p>Where nobody was elected, the next two attempts come sooner: another member may not have
 * missed the leader for as long as this one.
 */
final class SilenceTimer implements Timer {

  private static final int SOONER = 2;

  private final Timer clock;
  private final LongSupplier heardAtNanos;
  private final LongSupplier nanoTime;
  private long attemptedAtNanos;
  private int attempts;
  private @Nullable Silence newest;

  /**
   * Makes one.
   *
   * @param heardAtNanos when a leader was heard last, as {@code nanoTime} tells the time
   */
  SilenceTimer(Timer clock, LongSupplier heardAtNanos, LongSupplier nanoTime) {
    this.clock = clock;
    this.heardAtNanos = heardAtNanos;
    this.nanoTime = nanoTime;
  }

  @Override
  public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
    Silence silence = new Silence(task, sooner(unit.toNanos(delay)));
    synchronized (this) {
      newest = silence;
    }
    return silence.begin();
  }

  /** The wait that is under way ends so long from now: the leader is certainly gone. */
  void hurry(long nanos) {
    Silence silence = newest();
    if (silence != null) {
      silence.last(nanos);
    }
  }

  /** The wait that is under way is as long as it was meant to be: the leader is there again. */
  void calm() {
    Silence silence = newest();
    if (silence != null) {
      silence.last(silence.usualNanos);
    }
  }

  private synchronized @Nullable Silence newest() {
    return newest;
  }

  private synchronized long sooner(long nanos) {
    return isInVain() && attempts <= SOONER ? nanos >> (SOONER + 1 - attempts) : nanos;
  }

  private boolean isInVain() {
    return attempts > 0 && heardAtNanos.getAsLong() - attemptedAtNanos < 0;
  }

  private synchronized void attempt() {
    attempts = isInVain() ? attempts + 1 : 1;
    attemptedAtNanos = nanoTime.getAsLong();
  }

  @Override
  public Set<Timeout> stop() {
    return clock.stop();
  }

  /** A wait that begins anew with whatever is heard. */
  private final class Silence implements Timeout, TimerTask {

    private final TimerTask task;
    private final long usualNanos;
    private long nanos;
    private long beganAtNanos = nanoTime.getAsLong();
    private Timeout waiting = this;
    private boolean over;
    private boolean cancelled;

    Silence(TimerTask task, long nanos) {
      this.task = task;
      usualNanos = nanos;
      this.nanos = nanos;
    }

    synchronized void last(long newNanos) {
      if (!over) {
        boolean _ = waiting.cancel();
        nanos = newNanos;
        beganAtNanos = nanoTime.getAsLong();
        waiting = clock.newTimeout(this, newNanos, TimeUnit.NANOSECONDS);
      }
    }

    synchronized Silence begin() {
      waiting = clock.newTimeout(this, nanos, TimeUnit.NANOSECONDS);
      return this;
    }

    @Override
    public void run(Timeout timeout) throws Exception {
      synchronized (this) {
        if (over) {
          return;
        }
        long heard = heardAtNanos.getAsLong();
        long from = heard - beganAtNanos > 0 ? heard : beganAtNanos;
        long left = from + nanos - nanoTime.getAsLong();
        if (left > 0) {
          waiting = clock.newTimeout(this, left, TimeUnit.NANOSECONDS);
          return;
        }
        over = true;
      }
      attempt();
      task.run(this);
    }

    @Override
    public synchronized boolean cancel() {
      if (over) {
        return false;
      }
      over = true;
      cancelled = true;
      boolean _ = waiting.cancel();
      return true;
    }

    @Override
    public synchronized boolean isCancelled() {
      return cancelled;
    }

    @Override
    public synchronized boolean isExpired() {
      return over && !cancelled;
    }

    @Override
    public Timer timer() {
      return SilenceTimer.this;
    }

    @Override
    public TimerTask task() {
      return task;
    }
  }
}
