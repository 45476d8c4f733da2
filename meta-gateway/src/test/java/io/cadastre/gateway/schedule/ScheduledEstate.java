package io.cadastre.gateway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.database.FreshRegister;
import io.cadastre.gateway.operation.Operation;
import io.cadastre.gateway.operation.OperationFailure;
import io.cadastre.gateway.operation.OperationKind;
import io.cadastre.gateway.operation.OperationStatus;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/** A register with three instances, one schedule, at three in the morning, and a clock to set. */
final class ScheduledEstate implements AutoCloseable {

  static final Instant MIDNIGHT = Instant.parse("2026-11-21T00:00:00Z");
  static final Instant THREE = Instant.parse("2026-11-21T03:00:00Z");

  private final FreshRegister register = new FreshRegister();
  private final Map<UUID, Long> started = new ConcurrentHashMap<>();
  private volatile Instant now = MIDNIGHT;
  private SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private ScheduleMetrics metrics = new ScheduleMetrics(meters, () -> now);

  /** Forgets what was. */
  void beginAtMidnight() {
    register.execute("DELETE FROM run");
    register.execute("UPDATE instance SET deleted_at = now() WHERE deleted_at IS NULL");
    register.execute("UPDATE schedule SET enabled = false WHERE job = 'sizes'");
    schedule("0 3 * * *", 0, 16);
    started.clear();
    meters = new SimpleMeterRegistry();
    metrics = new ScheduleMetrics(meters, () -> now);
    now = MIDNIGHT;
    for (String name : List.of("a", "b", "c")) {
      register.instance(name + System.nanoTime());
    }
  }

  FreshRegister register() {
    return register;
  }

  SimpleMeterRegistry meters() {
    return meters;
  }

  void now(Instant time) {
    now = time;
  }

  /** The operations that were started, and for which instance each. */
  Map<UUID, Long> started() {
    return started;
  }

  ScheduleEngine gateway() {
    return gateway((instance, kind, by, run) -> start(instance));
  }

  Mono<UUID> start(long instance) {
    return Mono.fromSupplier(() -> {
      UUID operation = UUID.randomUUID();
      started.put(operation, instance);
      return operation;
    });
  }

  ScheduleEngine gateway(WorkStarter starter) {
    return new ScheduleEngine(
        new Schedules(register.client()),
        new Runs(register.client()),
        new RunItems(register.client()),
        starter,
        register.client(),
        register.transactionManager(),
        metrics,
        () -> now,
        UUID::randomUUID);
  }

  static void tick(ScheduleEngine engine) {
    engine.tick().block(Duration.ofSeconds(20));
  }

  /** All that were started. */
  void finishAll(OperationStatus status) {
    started.keySet().forEach(operation -> finish(operation, status));
  }

  void finish(UUID operation, OperationStatus status) {
    finish(operation, status, null);
  }

  void finish(UUID operation, OperationStatus status, @Nullable OperationFailure failure) {
    var ended =
        new Operation(
            operation,
            OperationKind.SYNC_DATABASES,
            Objects.requireNonNull(started.get(operation)),
            status,
            "schedule",
            null,
            now,
            now,
            now,
            new Operation.Progress(0, 0),
            null,
            failure);
    var progress =
        new RunProgress(new RunItems(register.client()), register.client(), new Wake(), () -> now);
    register.transaction().transactional(progress.finished(ended)).block();
  }

  List<UUID> unfinished() {
    return Objects.requireNonNull(
        register
            .client()
            .sql("SELECT operation_id FROM run_item WHERE status = 'running'")
            .mapValue(UUID.class)
            .all()
            .collectList()
            .block());
  }

  List<Run> runs() {
    return Objects.requireNonNull(
        new Runs(register.client()).page(null, null, null, null, 100).block());
  }

  Run onlyRun() {
    assertThat(runs()).hasSize(1);
    return runs().getFirst();
  }

  double lag() {
    return meters.get("cadastre.schedule.lag").tag("job", "databases").gauge().value();
  }

  void schedule(String cron, int spreadMinutes, int parallel) {
    register.execute(
        """
        UPDATE schedule SET cron = '%s', spread_minutes = %d, parallel = %d, enabled = true,
          handled_through = '%s' WHERE job = 'databases'
        """
            .formatted(cron, spreadMinutes, parallel, MIDNIGHT));
  }

  @Override
  public void close() {
    register.close();
  }
}
