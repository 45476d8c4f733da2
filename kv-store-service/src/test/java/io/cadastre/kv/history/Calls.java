package io.cadastre.kv.history;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Many calls, of which some are under way at a time. */
final class Calls {

  private static final Duration LONG = Duration.ofMinutes(5);

  private Calls() {}

  /**
   * Makes all, and waits for their answers.
   *
   * @param call is given 0 to one less than the count
   */
  static void all(int count, int underWay, IntFunction<ListenableFuture<?>> call) throws Exception {
    Semaphore free = new Semaphore(underWay);
    List<ListenableFuture<?>> calls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      free.acquire();
      ListenableFuture<?> each = call.apply(i);
      each.addListener(free::release, MoreExecutors.directExecutor());
      calls.add(each);
    }
    for (ListenableFuture<?> each : calls) {
      var _ = each.get(LONG.toSeconds(), TimeUnit.SECONDS);
    }
  }
}
