package io.cadastre.gateway.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Looks after the schedules as long as the gateway runs. */
final class ScheduleLoop implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(ScheduleLoop.class);
  private static final Duration TICK_MAX = Duration.ofMinutes(2);
  private static final Duration CLEAN_EVERY = Duration.ofHours(1);
  private static final Duration STOP_MAX = Duration.ofSeconds(10);

  private final ScheduleEngine engine;
  private final Runs runs;
  private final Wake wake;
  private final ScheduleProperties properties;
  private final InstantSource clock;
  private Instant cleanedAt = Instant.EPOCH;
  private volatile boolean running;
  private @Nullable Thread thread;

  ScheduleLoop(
      ScheduleEngine engine,
      Runs runs,
      Wake wake,
      ScheduleProperties properties,
      InstantSource clock) {
    this.engine = engine;
    this.runs = runs;
    this.wake = wake;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public synchronized void start() {
    running = true;
    thread = Thread.ofVirtual().name("schedules").start(this::run);
  }

  private void run() {
    try {
      while (running) {
        look();
        wake.sleep(properties.poll());
      }
    } catch (InterruptedException e) {
      // Stopped; the thread ends here.
      running = false;
    }
  }

  /**
   * Nothing is lost by a look that fails: what is due stays due for the next, or another gateway.
   */
  private void look() throws InterruptedException {
    try {
      engine.tick().block(TICK_MAX);
      Instant now = clock.instant();
      if (cleanedAt.plus(CLEAN_EVERY).isBefore(now)) {
        runs.deleteBefore(now.minus(Duration.ofDays(properties.runRetentionDays())))
            .block(TICK_MAX);
        cleanedAt = now;
      }
    } catch (RuntimeException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LOG.warn(
          "The schedules could not be looked after; the next look is in {}", properties.poll(), e);
    }
  }

  @Override
  public synchronized void stop() {
    running = false;
    if (thread != null) {
      thread.interrupt();
      try {
        thread.join(STOP_MAX);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }
}
