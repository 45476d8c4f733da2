package io.cadastre.gateway.schedule;

import static io.cadastre.gateway.schedule.ScheduledEstate.MIDNIGHT;
import static io.cadastre.gateway.schedule.ScheduledEstate.THREE;
import static io.cadastre.gateway.schedule.ScheduledEstate.tick;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.operation.OperationStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** When runs begin, and how they go on. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ScheduleEngineTest {

  private final ScheduledEstate estate = new ScheduledEstate();

  @AfterAll
  void stop() {
    estate.close();
  }

  @BeforeEach
  void threeInstancesAndOneScheduleAtThree() {
    estate.beginAtMidnight();
  }

  @Test
  void aFiringStartsEveryInstanceAndEndsWithTheLast() {
    ScheduleEngine engine = estate.gateway();
    tick(engine);
    assertThat(estate.runs()).isEmpty();

    estate.now(THREE);
    tick(engine);
    assertThat(estate.started()).hasSize(3);
    Run run = estate.onlyRun();
    assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
    assertThat(run.fireTime()).isEqualTo(THREE);
    assertThat(run.counts().running()).isEqualTo(3);

    estate.finishAll(OperationStatus.SUCCEEDED);
    tick(engine);
    assertThat(estate.onlyRun().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(estate.onlyRun().finishedAt()).isEqualTo(THREE);
    assertThat(
            estate
                .meters()
                .counter("cadastre.runs", "job", "databases", "outcome", "succeeded")
                .count())
        .isEqualTo(1);

    estate.now(THREE.plus(Duration.ofMinutes(5)));
    tick(engine);
    assertThat(estate.runs()).hasSize(1);
  }

  @Test
  void severalGatewaysFireOnceAndStartEachInstanceOnce() throws Exception {
    estate.schedule("* * * * *", 0, 2);
    for (int i = 0; i < 20; i++) {
      estate.register().instance("more" + i + "-" + System.nanoTime());
    }
    List<ScheduleEngine> gateways = List.of(estate.gateway(), estate.gateway(), estate.gateway());
    for (int minute = 1; minute <= 3; minute++) {
      estate.now(MIDNIGHT.plus(Duration.ofMinutes(minute)).plusMillis(3));
      estate.started().clear();
      int rounds = 0;
      do {
        together(gateways);
        assertThat(estate.runs().stream().filter(run -> run.status() == RunStatus.RUNNING).count())
            .isLessThanOrEqualTo(1);
        assertThat(estate.runs().getFirst().counts().running()).isLessThanOrEqualTo(2);
        estate
            .unfinished()
            .forEach(operation -> estate.finish(operation, OperationStatus.SUCCEEDED));
        rounds++;
      } while (estate.runs().getFirst().status() == RunStatus.RUNNING && rounds < 40);
      assertThat(estate.runs()).hasSize(minute);
      assertThat(estate.started().values()).doesNotHaveDuplicates().hasSize(23);
      assertThat(estate.runs().getFirst().fireTime())
          .isEqualTo(MIDNIGHT.plus(Duration.ofMinutes(minute)));
    }
  }

  @Test
  void firingsMissedInADowntimeAreCaughtUpByOneRun() {
    estate.now(THREE.plus(Duration.ofDays(3)).plusSeconds(3600));
    tick(estate.gateway());
    assertThat(estate.onlyRun().fireTime()).isEqualTo(THREE.plus(Duration.ofDays(3)));
    assertThat(estate.onlyRun().missed()).isEqualTo(3);
    assertThat(estate.lag()).isZero();
  }

  @Test
  void aRunNeverOverlapsTheOneBefore() {
    estate.schedule("* * * * *", 0, 16);
    ScheduleEngine engine = estate.gateway();
    estate.now(MIDNIGHT.plusSeconds(60));
    tick(engine);
    estate.now(MIDNIGHT.plusSeconds(200));
    tick(engine);
    assertThat(estate.runs()).hasSize(1);
    assertThat(estate.lag()).isEqualTo(80);

    estate.finishAll(OperationStatus.SUCCEEDED);
    tick(engine);
    tick(engine);
    assertThat(estate.runs()).hasSize(2);
    assertThat(estate.runs().getFirst().fireTime()).isEqualTo(MIDNIGHT.plusSeconds(180));
    assertThat(estate.runs().getFirst().missed()).isEqualTo(1);
  }

  @Test
  void instancesStartAtTheirPlaceInTheWindow() {
    estate.schedule("0 3 * * *", 60, 100);
    for (int i = 0; i < 20; i++) {
      estate.register().instance("more" + i + "-" + System.nanoTime());
    }
    ScheduleEngine engine = estate.gateway();
    estate.now(THREE);
    tick(engine);
    int atOnce = estate.started().size();
    estate.now(THREE.plus(Duration.ofMinutes(30)));
    tick(engine);
    int halfWay = estate.started().size();
    estate.now(THREE.plus(Duration.ofMinutes(60)));
    tick(engine);

    assertThat(atOnce).isLessThan(5);
    assertThat(halfWay).isBetween(5, 18);
    assertThat(estate.started()).hasSize(23);
  }

  @Test
  void aLateFiringIsSpreadFromNow() {
    estate.schedule("0 3 * * *", 60, 16);
    estate.now(THREE.plus(Duration.ofHours(5)));
    tick(estate.gateway());
    assertThat(
            estate
                .register()
                .one(
                    "SELECT bool_and(planned_at >= '2026-11-21 08:00Z' AND planned_at < '2026-11-21"
                        + " 09:00Z') FROM run_item",
                    Boolean.class))
        .isTrue();
  }

  @Test
  void aRunByHandStartsAllAtOnceAndIsJoined() {
    estate.schedule("0 3 * * *", 60, 16);
    ScheduleEngine engine = estate.gateway();
    Run first = Objects.requireNonNull(engine.runNow(Job.DATABASES, "ada").block());
    Run second = Objects.requireNonNull(engine.runNow(Job.DATABASES, "bob").block());
    tick(engine);

    assertThat(second.id()).isEqualTo(first.id());
    assertThat(estate.onlyRun().requestedBy()).isEqualTo("ada");
    assertThat(estate.onlyRun().trigger()).isEqualTo(Trigger.MANUAL);
    assertThat(estate.started()).hasSize(3);
  }

  @Test
  void whatIsSwitchedOffDoesNotFire() {
    estate.register().execute("UPDATE schedule SET enabled = false");
    estate.now(THREE.plusSeconds(5));
    tick(estate.gateway());
    assertThat(estate.runs()).isEmpty();
    assertThat(estate.lag()).isZero();
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
}
