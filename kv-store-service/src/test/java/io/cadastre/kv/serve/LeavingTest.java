package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class LeavingTest {

  private static final Duration TIMEOUT = Duration.ofSeconds(1);

  private final AtomicLong nanos = new AtomicLong(7);
  private final Leaving leaving = new Leaving(TIMEOUT, nanos::get);

  @Test
  void whoseVoteCountsStays() {
    for (int i = 0; i < 100; i++) {
      assertThat(leaving.mayEnd(true, true)).isFalse();
      pass(1_000);
    }
  }

  @Test
  void whoseVoteCountsNoMoreGoesAnElectionTimeoutLater() {
    assertThat(leaving.mayEnd(true, true)).isFalse();
    pass(500);
    assertThat(leaving.mayEnd(false, true)).isFalse();
    pass(999);
    assertThat(leaving.mayEnd(false, false)).isFalse();
    pass(1);
    assertThat(leaving.mayEnd(false, true)).isTrue();
  }

  @Test
  void whoHearsOfNobodyWaitsForAnotherLeaderAndThenGoes() {
    assertThat(leaving.mayEnd(true, false)).isFalse();
    pass(29_999);
    assertThat(leaving.mayEnd(true, false)).isFalse();
    assertThat(leaving.mayEnd(true, true)).isFalse();
    assertThat(leaving.mayEnd(true, false)).isFalse();
    pass(29_999);
    assertThat(leaving.mayEnd(true, false)).isFalse();
    pass(1);
    assertThat(leaving.mayEnd(true, false)).isTrue();
  }

  private void pass(long millis) {
    long _ = nanos.addAndGet(Duration.ofMillis(millis).toNanos());
  }
}
