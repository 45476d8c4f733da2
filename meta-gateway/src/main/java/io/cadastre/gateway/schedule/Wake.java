package io.cadastre.gateway.schedule;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;

/** Lets the schedule loop of this gateway sleep until there may be something to do. */
@Component
final class Wake {

  private final Semaphore calls = new Semaphore(0);

  void up() {
    calls.release();
  }

  /** Returns early when called; many calls are one. */
  void sleep(Duration atMost) throws InterruptedException {
    if (calls.tryAcquire(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      calls.drainPermits();
    }
  }
}
