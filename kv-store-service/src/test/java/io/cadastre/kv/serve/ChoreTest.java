package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ChoreTest {

  private final AtomicInteger ends = new AtomicInteger();

  @Test
  void whatNobodyForesawEndsTheMember() {
    chore(() -> {}).run();
    assertThat(ends).hasValue(0);
    chore(
            () -> {
              throw new IllegalStateException("a bug");
            })
        .run();
    assertThat(ends).hasValue(1);
    chore(
            () -> {
              throw new AssertionError("another");
            })
        .run();
    assertThat(ends).hasValue(2);
  }

  private Chore chore(Runnable work) {
    return new Chore(work, ends::incrementAndGet);
  }
}
