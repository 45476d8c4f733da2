package io.cadastre.gateway.outbox;

import io.cadastre.gateway.outbox.OutboxRows.Backlog;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** How much waits in the outbox; while the database does not answer, what was seen last. */
@Component
final class OutboxMetrics implements SmartLifecycle {

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  private final OutboxRows rows;
  private final InstantSource clock;
  private final AtomicReference<Backlog> backlog =
      new AtomicReference<>(new Backlog(0, Duration.ZERO, 0));
  private @Nullable Disposable watching;

  OutboxMetrics(OutboxRows rows, InstantSource clock, MeterRegistry meters) {
    this.rows = rows;
    this.clock = clock;
    Gauge.builder("cadastre.outbox.pending", () -> backlog.get().unsent())
        .description("Messages not with the broker yet")
        .register(meters);
    Gauge.builder("cadastre.outbox.oldest", () -> backlog.get().oldest().toMillis() / 1_000.0)
        .description("How long the oldest of them has waited")
        .baseUnit("seconds")
        .register(meters);
    Gauge.builder("cadastre.outbox.refused", () -> backlog.get().refused())
        .description("Messages that the broker refuses for good")
        .register(meters);
  }

  @Override
  public synchronized void start() {
    watching =
        Flux.interval(INTERVAL)
            .onBackpressureDrop()
            .concatMap(_ -> rows.backlog(clock.instant()))
            .retryWhen(Retry.backoff(Long.MAX_VALUE, INTERVAL).maxBackoff(INTERVAL))
            .subscribe(backlog::set);
  }

  @Override
  public synchronized void stop() {
    if (watching != null) {
      watching.dispose();
      watching = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return watching != null;
  }
}
