package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cadastre.kv.apply.Meter;
import io.cadastre.kv.request.EtcdError;
import io.grpc.Context;
import io.grpc.Context.CancellableContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Small answers are read where they are asked for, large ones elsewhere and in turn. */
final class ReadsTest {

  private static final int AT_ONCE = 2;

  private final Threads threads = new Threads();
  private final Reads reads =
      new Reads(new InTurn(threads.waiting(), threads.working(), AT_ONCE), new AnswerRoom(1 << 30));
  private final CountDownLatch end = new CountDownLatch(1);
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger mostRunning = new AtomicInteger();

  @AfterEach
  void close() throws InterruptedException {
    end.countDown();
    threads.end(60);
  }

  @Test
  void aSmallAnswerIsReadOnTheSpot() {
    CompletableFuture<Thread> reader =
        reads.read(Context.ROOT, meter -> keys(meter, 100, Thread.currentThread()));
    assertThat(reader).isCompletedWithValue(Thread.currentThread());
  }

  @Test
  void manyKeysAreReadElsewhereAndSoAreManyBytes() {
    CompletableFuture<Thread> keys =
        reads.read(Context.ROOT, meter -> keys(meter, 100_000, Thread.currentThread()));
    CompletableFuture<Thread> bytes =
        reads.read(
            Context.ROOT,
            meter -> {
              meter.key();
              meter.bytes(1 << 20);
              return keys(meter, 1, bytes(meter));
            });
    assertThat(keys.orTimeout(60, TimeUnit.SECONDS).join().isVirtual()).isFalse();
    assertThat(bytes.orTimeout(60, TimeUnit.SECONDS).join().isVirtual()).isFalse();
  }

  private static Thread bytes(Meter meter) {
    meter.key();
    meter.bytes(1 << 20);
    return Thread.currentThread();
  }

  @Test
  void aFewAreReadAtATimeTheOthersWaitAndTooManyAreRefused() {
    List<CompletableFuture<String>> answers = new ArrayList<>();
    assertThatThrownBy(
            () -> {
              for (int i = 0; i < 1_100; i++) {
                answers.add(reads.read(Context.ROOT, this::large));
              }
            })
        .hasMessage(EtcdError.TOO_MANY_REQUESTS.text());
    assertThat(answers.size()).isBetween(1_000, 1_000 + AT_ONCE);
    end.countDown();
    await()
        .atMost(TestCluster.LONG)
        .until(() -> answers.stream().allMatch(CompletableFuture::isDone));
    assertThat(answers).allMatch(answer -> !answer.isCompletedExceptionally());
    assertThat(mostRunning.get()).isBetween(1, AT_ONCE);
  }

  private String large(Meter meter) {
    String read = keys(meter, 1_000, "read");
    int _ = mostRunning.accumulateAndGet(running.incrementAndGet(), Math::max);
    try {
      end.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      int _ = running.decrementAndGet();
    }
    return read;
  }

  @Test
  void nothingIsReadForACallThatIsOver() {
    CancellableContext call = Context.ROOT.withCancellation();
    CompletableFuture<String> answer =
        reads.read(
            call,
            meter -> {
              String read = keys(meter, 1_000, "read");
              boolean _ = call.cancel(null);
              return keys(meter, 1, read);
            });
    assertThatThrownBy(() -> answer.orTimeout(60, TimeUnit.SECONDS).join())
        .hasMessageContaining("CANCELLED");
  }

  private static <T> T keys(Meter meter, int count, T value) {
    for (int i = 0; i < count; i++) {
      meter.key();
    }
    return value;
  }
}
