package io.cadastre.gateway.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.gateway.database.FreshRegister;
import io.cadastre.gateway.operation.Operation;
import io.cadastre.gateway.operation.OperationFailure;
import io.cadastre.gateway.operation.OperationKind;
import io.cadastre.gateway.operation.OperationStatus;
import io.cadastre.gateway.problem.ProblemException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.publisher.Mono;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ScheduleEngineTest {

  private static final Instant MIDNIGHT = Instant.parse("2026-11-21T00:00:00Z");
  private static final Instant THREE = Instant.parse("2026-11-21T03:00:00Z");

  private final FreshRegister register = new FreshRegister();
  private volatile Instant now = MIDNIGHT;
  private SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private ScheduleMetrics metrics = new ScheduleMetrics(meters, () -> now);
  private final Map<UUID, Long> started = new ConcurrentHashMap<>();

  @AfterAll
  void stop() {
    register.close();
  }

  @BeforeEach
  void threeInstancesAndOneScheduleAtThree() {
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

  @Test
  void aFiringStartsEveryInstanceAndEndsWithTheLast() {
    ScheduleEngine engine = gateway();
    tick(engine);
    assertThat(runs()).isEmpty();

    now = THREE;
    tick(engine);
    assertThat(started).hasSize(3);
    Run run = onlyRun();
    assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(run.fireTime()).isEqualTo(THREE);
    assertThat(run.counts().running()).isEqualTo(3);

    started.keySet().forEach(operation -> finish(operation, OperationStatus.SUCCEEDED));
    tick(engine);
    assertThat(onlyRun().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(onlyRun().finishedAt()).isEqualTo(THREE);
    assertThat(meters.counter("cadastre.runs", "job", "databases", "outcome", "succeeded").count())
        .isEqualTo(1);

    now = THREE.plus(Duration.ofMinutes(5));
    tick(engine);
    assertThat(runs()).hasSize(1);
  }

  @Test
  void severalGatewaysFireOnceAndStartEachInstanceOnce() throws Exception {
    schedule("* * * * *", 0, 2);
    for (int i = 0; i < 20; i++) {
      register.instance("more" + i + "-" + System.nanoTime());
    }
    List<ScheduleEngine> gateways = List.of(gateway(), gateway(), gateway());
    for (int minute = 1; minute <= 3; minute++) {
      now = MIDNIGHT.plus(Duration.ofMinutes(minute)).plusMillis(3);
      started.clear();
      int rounds = 0;
      do {
        together(gateways);
        assertThat(runs().stream().filter(run -> run.status() == RunStatus.RUNNING).count())
            .isLessThanOrEqualTo(1);
        assertThat(runs().getFirst().counts().running()).isLessThanOrEqualTo(2);
        unfinished().forEach(operation -> finish(operation, OperationStatus.SUCCEEDED));
        rounds++;
      } while (runs().getFirst().status() == RunStatus.RUNNING && rounds < 40);
      assertThat(runs()).hasSize(minute);
      assertThat(started.values()).doesNotHaveDuplicates().hasSize(23);
      assertThat(runs().getFirst().fireTime()).isEqualTo(MIDNIGHT.plus(Duration.ofMinutes(minute)));
    }
  }

  @Test
  void firingsMissedInADowntimeAreCaughtUpByOneRun() {
    now = THREE.plus(Duration.ofDays(3)).plusSeconds(3600);
    tick(gateway());
    assertThat(onlyRun().fireTime()).isEqualTo(THREE.plus(Duration.ofDays(3)));
    assertThat(onlyRun().missed()).isEqualTo(3);
    assertThat(lag()).isZero();
  }

  @Test
  void aRunNeverOverlapsTheOneBefore() {
    schedule("* * * * *", 0, 16);
    ScheduleEngine engine = gateway();
    now = MIDNIGHT.plusSeconds(60);
    tick(engine);
    now = MIDNIGHT.plusSeconds(200);
    tick(engine);
    assertThat(runs()).hasSize(1);
    assertThat(lag()).isEqualTo(80);

    started.keySet().forEach(operation -> finish(operation, OperationStatus.SUCCEEDED));
    tick(engine);
    tick(engine);
    assertThat(runs()).hasSize(2);
    assertThat(runs().getFirst().fireTime()).isEqualTo(MIDNIGHT.plusSeconds(180));
    assertThat(runs().getFirst().missed()).isEqualTo(1);
  }

  @Test
  void instancesStartAtTheirPlaceInTheWindow() {
    schedule("0 3 * * *", 60, 100);
    for (int i = 0; i < 20; i++) {
      register.instance("more" + i + "-" + System.nanoTime());
    }
    ScheduleEngine engine = gateway();
    now = THREE;
    tick(engine);
    int atOnce = started.size();
    now = THREE.plus(Duration.ofMinutes(30));
    tick(engine);
    int halfWay = started.size();
    now = THREE.plus(Duration.ofMinutes(60));
    tick(engine);

    assertThat(atOnce).isLessThan(5);
    assertThat(halfWay).isBetween(5, 18);
    assertThat(started).hasSize(23);
  }

  @Test
  void aLateFiringIsSpreadFromNow() {
    schedule("0 3 * * *", 60, 16);
    now = THREE.plus(Duration.ofHours(5));
    tick(gateway());
    assertThat(
            register.one(
                "SELECT bool_and(planned_at >= '2026-11-21 08:00Z' AND planned_at < '2026-11-21"
                    + " 09:00Z') FROM run_item",
                Boolean.class))
        .isTrue();
  }

  @Test
  void saysWhatFailedAndWhy() {
    ScheduleEngine engine = gateway();
    now = THREE;
    tick(engine);
    List<UUID> operations = List.copyOf(started.keySet());
    finish(operations.get(0), OperationStatus.SUCCEEDED);
    finish(operations.get(1), OperationStatus.COMPLETED_WITH_ERRORS);
    finish(
        operations.get(2),
        OperationStatus.FAILED,
        new OperationFailure("timeout", "No answer in 10 s.", true));
    tick(engine);

    assertThat(onlyRun().status()).isEqualTo(RunStatus.COMPLETED_WITH_ERRORS);
    List<RunItem> items =
        Objects.requireNonNull(new RunItems(register.client()).of(onlyRun().id(), 10).block());
    assertThat(items.stream().map(RunItem::status))
        .containsExactly("failed", "completed_with_errors", "succeeded");
    assertThat(items.getFirst().failure())
        .isEqualTo(new RunItem.Reason("timeout", "No answer in 10 s."));
  }

  @Test
  void whereAllFailTheRunFailed() {
    ScheduleEngine engine = gateway();
    now = THREE;
    tick(engine);
    started.keySet().forEach(operation -> finish(operation, OperationStatus.FAILED));
    tick(engine);
    assertThat(onlyRun().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void anInstanceDeletedMeanwhileIsLeftOut() {
    schedule("0 3 * * *", 0, 1);
    ScheduleEngine engine = gateway();
    now = THREE;
    tick(engine);
    register.execute(
        "UPDATE instance SET deleted_at = now() WHERE id IN (SELECT instance_id FROM run_item"
            + " WHERE status = 'pending')");
    started.keySet().forEach(operation -> finish(operation, OperationStatus.SUCCEEDED));
    tick(engine);
    assertThat(onlyRun().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(onlyRun().counts().skipped()).isEqualTo(2);
  }

  @Test
  void anEmptyRegisterIsARunThatSucceeds() {
    register.execute("UPDATE instance SET deleted_at = now()");
    now = THREE;
    tick(gateway());
    assertThat(onlyRun().status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void anInstanceThatCannotBeAskedFailsAlone() {
    now = THREE;
    tick(
        gateway((instance, kind, by, run) ->
            started.isEmpty()
                ? start(instance)
                : Mono.error(ProblemException.notFound("instance", instance))));

    assertThat(onlyRun().counts().running()).isEqualTo(1);
    assertThat(onlyRun().counts().failed()).isEqualTo(2);
    List<RunItem> items =
        Objects.requireNonNull(new RunItems(register.client()).of(onlyRun().id(), 1).block());
    assertThat(Objects.requireNonNull(items.getFirst().failure()).code()).isEqualTo("not_started");
  }

  @Test
  void aGatewayThatDiesHalfWayLeavesNothingUndone() {
    now = THREE;
    ScheduleEngine dying =
        gateway((instance, kind, by, run) ->
            started.size() == 1
                ? Mono.error(new IllegalStateException("killed"))
                : start(instance));
    assertThatThrownBy(() -> tick(dying)).hasMessage("killed");
    assertThat(onlyRun().counts().pending()).as("its transaction is undone").isEqualTo(3);
    started.clear();

    tick(gateway());
    assertThat(started).hasSize(3);
    assertThat(onlyRun().counts().running()).isEqualTo(3);
  }

  @Test
  void aRunByHandStartsAllAtOnceAndIsJoined() {
    schedule("0 3 * * *", 60, 16);
    ScheduleEngine engine = gateway();
    Run first = Objects.requireNonNull(engine.runNow(Job.DATABASES, "ada").block());
    Run second = Objects.requireNonNull(engine.runNow(Job.DATABASES, "bob").block());
    tick(engine);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(onlyRun().requestedBy()).isEqualTo("ada");
    assertThat(onlyRun().trigger()).isEqualTo(Trigger.MANUAL);
    assertThat(started).hasSize(3);
  }

  @Test
  void whatIsSwitchedOffDoesNotFire() {
    register.execute("UPDATE schedule SET enabled = false");
    now = THREE.plusSeconds(5);
    tick(gateway());
    assertThat(runs()).isEmpty();
    assertThat(lag()).isZero();
  }

  private ScheduleEngine gateway() {
    return gateway((instance, kind, by, run) -> start(instance));
  }

  private Mono<UUID> start(long instance) {
    return Mono.fromSupplier(() -> {
      UUID operation = UUID.randomUUID();
      started.put(operation, instance);
      return operation;
    });
  }

  private ScheduleEngine gateway(WorkStarter starter) {
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

  private static void tick(ScheduleEngine engine) {
    engine.tick().block(Duration.ofSeconds(20));
  }

  private static void together(List<ScheduleEngine> gateways)
      throws InterruptedException, ExecutionException {
    var barrier = new CyclicBarrier(gateways.size());
    try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
      var ticks = new ArrayList<Future<?>>();
      for (ScheduleEngine gateway : gateways) {
        ticks.add(
            executor.submit(() -> {
              barrier.await();
              tick(gateway);
              return true;
            }));
      }
      for (Future<?> each : ticks) {
        each.get();
      }
    }
  }

  private void finish(UUID operation, OperationStatus status) {
    finish(operation, status, null);
  }

  private void finish(UUID operation, OperationStatus status, @Nullable OperationFailure failure) {
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

  private List<UUID> unfinished() {
    return Objects.requireNonNull(
        register
            .client()
            .sql("SELECT operation_id FROM run_item WHERE status = 'running'")
            .mapValue(UUID.class)
            .all()
            .collectList()
            .block());
  }

  private List<Run> runs() {
    return Objects.requireNonNull(
        new Runs(register.client()).page(null, null, null, null, 100).block());
  }

  private Run onlyRun() {
    assertThat(runs()).hasSize(1);
    return runs().getFirst();
  }

  private double lag() {
    return meters.get("cadastre.schedule.lag").tag("job", "databases").gauge().value();
  }

  private void schedule(String cron, int spreadMinutes, int parallel) {
    register.execute(
        """
        UPDATE schedule SET cron = '%s', spread_minutes = %d, parallel = %d, enabled = true,
          handled_through = '%s' WHERE job = 'databases'
        """
            .formatted(cron, spreadMinutes, parallel, MIDNIGHT));
  }
}
