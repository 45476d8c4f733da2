package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who works long does not hold up who waits, however many there are. */
final class ThreadsTest {

  private static final int MORE_THAN_PROCESSORS = 2 * Runtime.getRuntime().availableProcessors();

  private final Threads threads = new Threads();
  private volatile boolean enough;

  @AfterEach
  void close() throws InterruptedException {
    enough = true;
    threads.end(60);
  }

  @Test
  void whoWaitsGoesOnWhileOthersWork() {
    List<CompletableFuture<Void>> working = new ArrayList<>();
    for (int i = 0; i < MORE_THAN_PROCESSORS; i++) {
      working.add(CompletableFuture.runAsync(this::work, threads.working()));
      working.add(CompletableFuture.runAsync(this::work, threads.workingInTurn()));
    }
    CompletableFuture.runAsync(() -> {}, threads.waiting()).orTimeout(60, TimeUnit.SECONDS).join();
    assertThat(working).noneMatch(CompletableFuture::isDone);
    enough = true;
    working.forEach(each -> each.orTimeout(60, TimeUnit.SECONDS).join());
  }

  private void work() {
    while (!enough) {
      Thread.onSpinWait();
    }
  }
}
