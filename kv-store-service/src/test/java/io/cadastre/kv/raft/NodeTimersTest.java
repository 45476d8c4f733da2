package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class NodeTimersTest {

  /** What is to be done when, in milliseconds of the time that the test tells. */
  private static final class Moments extends ScheduledThreadPoolExecutor {

    private long nanos = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(120);
    private long millis;
    private final List<Long> dueMillis = new ArrayList<>();
    private final List<Runnable> work = new ArrayList<>();

    Moments() {
      super(0);
    }

    void passMillis(long passed) {
      nanos += TimeUnit.MILLISECONDS.toNanos(passed);
      millis += passed;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      dueMillis.add(millis + unit.toMillis(delay));
      work.add(command);
      return super.schedule(command, 1, TimeUnit.DAYS);
    }
  }

  private final Moments thread = new Moments();
  private final NodeTimers timers = new NodeTimers(thread, () -> thread.nanos);

  @AfterEach
  void end() {
    thread.shutdownNow();
  }

  private void schedule(long millis) {
    ScheduledFuture<?> _ = timers.schedule(NodeTimersTest::nothing, millis, TimeUnit.MILLISECONDS);
  }

  @Test
  void heartbeatsToAllMembersGoOutTogetherHoweverTheyBegan() {
    schedule(100);
    thread.passMillis(40);
    schedule(100);
    thread.passMillis(60);
    schedule(100);
    thread.passMillis(1);
    schedule(99);

    assertThat(thread.dueMillis).containsExactly(100L, 100L, 200L, 200L);
  }

  @Test
  void nothingIsDoneLateOrFarTooSoon() {
    schedule(100);
    schedule(90);
    schedule(210);
    schedule(1_000);
    schedule(1_150);

    assertThat(thread.dueMillis).containsExactly(100L, 90L, 210L, 1_000L, 1_150L);
  }

  @Test
  void whatIsOverIsJoinedByNobody() {
    schedule(10);
    thread.passMillis(11);
    schedule(2);

    assertThat(thread.dueMillis).containsExactly(10L, 13L);
  }

  @Test
  void whatWasPutOffIsNotDoneAfterTheEnd() {
    List<String> done = new ArrayList<>();
    ScheduledFuture<?> _ = timers.schedule(() -> done.add("before"), 1, TimeUnit.SECONDS);
    thread.work.removeFirst().run();
    ScheduledFuture<?> _ = timers.schedule(() -> done.add("after"), 1, TimeUnit.SECONDS);

    timers.shutdown();
    thread.work.removeFirst().run();

    assertThat(done).containsExactly("before");
    assertThatThrownBy(() -> schedule(1)).isInstanceOf(RejectedExecutionException.class);
  }

  private static void nothing() {
    // It does not matter.
  }
}
