package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class CheckTimesTest {

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private long now = 7;
  private final CheckTimes times = new CheckTimes(Duration.ofSeconds(25), now);

  @Test
  void isTimeAfterAnInterval() {
    assertDueIn(25);
    times.done(now, 1);
    assertDueIn(25);
    times.done(now, 1);
    assertDueIn(25);
  }

  @Test
  void whatIsLargeIsReadSeldom() {
    times.done(now, 10 * SECOND);
    assertDueIn(25);
    times.done(now, 12 * SECOND);
    assertDueIn(200);
    times.done(now, 11 * SECOND);
    assertDueIn(220);
  }

  @Test
  void oneThatWasHeldUpIsNotTakenForLarge() {
    times.done(now, 1);
    assertDueIn(25);
    times.done(now, 100 * SECOND);
    assertDueIn(25);
    times.done(now, 1);
    assertDueIn(25);
  }

  private void assertDueIn(long seconds) {
    now += seconds * SECOND;
    assertThat(times.isDue(now)).isFalse();
    now++;
    assertThat(times.isDue(now)).isTrue();
  }
}
