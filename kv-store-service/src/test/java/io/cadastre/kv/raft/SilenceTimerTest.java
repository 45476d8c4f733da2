package io.cadastre.kv.raft;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.util.timer.Timeout;
import com.alipay.sofa.jraft.util.timer.Timer;
import com.alipay.sofa.jraft.util.timer.TimerTask;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class SilenceTimerTest {

  private final ByHand clock = new ByHand();
  private long heardAt;
  private final SilenceTimer timer = new SilenceTimer(clock, () -> heardAt, () -> clock.now);
  private final List<Long> attempts = new ArrayList<>();

  @Test
  void whoHearsTheLeaderDoesNotStand() throws Exception {
    Timeout _ = timer.newTimeout(this::attempt, 1000, MILLISECONDS);
    for (int i = 0; i < 50; i++) {
      clock.advance(100);
      heardAt = clock.now;
    }
    assertThat(attempts).isEmpty();
  }

  @Test
  void theLeaderIsMissedAWholeTimeoutAfterItWasHeardLastAndNoLater() throws Exception {
    Timeout _ = timer.newTimeout(this::attempt, 1000, MILLISECONDS);
    clock.advance(970);
    heardAt = clock.now;
    clock.advance(999);
    assertThat(attempts).isEmpty();
    clock.advance(1);
    assertThat(attempts).containsExactly(1970L);
  }

  @Test
  void attemptsAfterOneInVainComeSoonerAndThenAsOftenAsEver() throws Exception {
    Timeout _ = timer.newTimeout(this::attemptAgain, 1000, MILLISECONDS);
    clock.advance(4000);
    assertThat(attempts).containsExactly(1000L, 1250L, 1750L, 2750L, 3750L);
    heardAt = clock.now;
    attempts.clear();
    clock.advance(1000);
    assertThat(attempts).containsExactly(5000L);
  }

  @Test
  void whoKnowsThatTheLeaderIsGoneDoesNotWaitTheTimeout() throws Exception {
    Timeout _ = timer.newTimeout(this::attempt, 1400, MILLISECONDS);
    heardAt = clock.now;
    timer.hurry(MILLISECONDS.toNanos(400));
    clock.advance(399);
    assertThat(attempts).isEmpty();
    clock.advance(1);
    assertThat(attempts).containsExactly(400L);
  }

  @Test
  void whoHearsTheLeaderAgainWaitsAsLongAsEver() throws Exception {
    Timeout _ = timer.newTimeout(this::attempt, 1000, MILLISECONDS);
    timer.hurry(MILLISECONDS.toNanos(400));
    clock.advance(100);
    heardAt = clock.now;
    timer.calm();
    clock.advance(999);
    assertThat(attempts).isEmpty();
    clock.advance(1);
    assertThat(attempts).containsExactly(1100L);
  }

  @Test
  void whatIsCancelledDoesNotHappen() throws Exception {
    Timeout waiting = timer.newTimeout(this::attempt, 1000, MILLISECONDS);
    clock.advance(500);
    heardAt = clock.now;
    clock.advance(600);
    assertThat(waiting.cancel()).isTrue();
    assertThat(waiting.cancel()).isFalse();
    clock.advance(5000);
    assertThat(attempts).isEmpty();
    assertThat(waiting.isCancelled()).isTrue();
  }

  @Test
  void whatHasHappenedCannotBeCancelled() throws Exception {
    Timeout waiting = timer.newTimeout(this::attempt, 1000, MILLISECONDS);
    clock.advance(1000);
    assertThat(waiting.cancel()).isFalse();
    assertThat(waiting.isExpired()).isTrue();
  }

  private void attempt(Timeout timeout) {
    attempts.add(TimeUnit.NANOSECONDS.toMillis(clock.now));
  }

  private void attemptAgain(Timeout timeout) {
    attempt(timeout);
    Timeout _ = timer.newTimeout(this::attemptAgain, 1000, MILLISECONDS);
  }

  /** Tells the time that it is told. */
  private static final class ByHand implements Timer {

    private final List<Due> waiting = new ArrayList<>();
    private long now;

    private record Due(ByHand timer, TimerTask task, long at) implements Timeout {

      @Override
      public boolean isExpired() {
        return !timer.waiting.contains(this);
      }

      @Override
      public boolean isCancelled() {
        return !timer.waiting.contains(this);
      }

      @Override
      public boolean cancel() {
        return timer.waiting.remove(this);
      }
    }

    void advance(long millis) throws Exception {
      for (long i = 0; i < millis; i++) {
        now += MILLISECONDS.toNanos(1);
        for (Due due : List.copyOf(waiting)) {
          if (due.at <= now && waiting.remove(due)) {
            due.task.run(due);
          }
        }
      }
    }

    @Override
    public Timeout newTimeout(TimerTask task, long delay, TimeUnit unit) {
      Due due = new Due(this, task, now + unit.toNanos(delay));
      waiting.add(due);
      return due;
    }

    @Override
    public Set<Timeout> stop() {
      return Set.of();
    }
  }
}
