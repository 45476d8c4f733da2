package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class StuckChangeTest {

  private static final long TERM = 4;

  private final List<String> done = new ArrayList<>();
  private long now;
  private final StuckChange change =
      new StuckChange(
          Duration.ofSeconds(1),
          term -> done.add("write " + term),
          term -> done.add("give up " + term),
          () -> now);

  @Test
  void aChangeThatEndsInTimeIsLeftAlone() {
    lookFor(1_900);
    change.over();
    lookFor(1_900);
    assertThat(done).isEmpty();
  }

  @Test
  void whereAChangeLastsSomethingIsWrittenAndInTheEndTheLeadGivenUp() {
    lookFor(2_500);
    assertThat(done).containsExactly("write 4");
    lookFor(7_000);
    assertThat(done).containsExactly("write 4", "write 4", "write 4", "write 4");
    lookFor(1_000);
    assertThat(done).hasSize(5).endsWith("give up 4");
  }

  private void lookFor(long millis) {
    for (long i = 0; i < millis; i += 100) {
      now += Duration.ofMillis(100).toNanos();
      change.look(TERM);
    }
  }
}
