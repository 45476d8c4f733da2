package io.cadastre.gateway.schedule;

import static io.cadastre.gateway.schedule.ScheduledEstate.THREE;
import static io.cadastre.gateway.schedule.ScheduledEstate.tick;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.gateway.operation.OperationFailure;
import io.cadastre.gateway.operation.OperationStatus;
import io.cadastre.gateway.problem.ProblemException;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import reactor.core.publisher.Mono;

/** What comes of a run. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RunOutcomeTest {

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
  void saysWhatFailedAndWhy() {
    ScheduleEngine engine = estate.gateway();
    estate.now(THREE);
    tick(engine);
    List<UUID> operations = List.copyOf(estate.started().keySet());
    estate.finish(operations.get(0), OperationStatus.SUCCEEDED);
    estate.finish(operations.get(1), OperationStatus.COMPLETED_WITH_ERRORS);
    estate.finish(
        operations.get(2),
        OperationStatus.FAILED,
        new OperationFailure("timeout", "No answer in 10 s.", true));
    tick(engine);

    assertThat(estate.onlyRun().status()).isEqualTo(RunStatus.COMPLETED_WITH_ERRORS);
    List<RunItem> items =
        Objects.requireNonNull(
            new RunItems(estate.register().client()).of(estate.onlyRun().id(), 10).block());
    assertThat(items.stream().map(RunItem::status))
        .containsExactly("failed", "completed_with_errors", "succeeded");
    assertThat(items.getFirst().failure())
        .isEqualTo(new RunItem.Reason("timeout", "No answer in 10 s."));
  }

  @Test
  void whereAllFailTheRunFailed() {
    ScheduleEngine engine = estate.gateway();
    estate.now(THREE);
    tick(engine);
    estate.finishAll(OperationStatus.FAILED);
    tick(engine);
    assertThat(estate.onlyRun().status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void anInstanceDeletedMeanwhileIsLeftOut() {
    estate.schedule("0 3 * * *", 0, 1);
    ScheduleEngine engine = estate.gateway();
    estate.now(THREE);
    tick(engine);
    estate
        .register()
        .execute(
            "UPDATE instance SET deleted_at = now() WHERE id IN (SELECT instance_id FROM run_item"
                + " WHERE status = 'pending')");
    estate.finishAll(OperationStatus.SUCCEEDED);
    tick(engine);
    assertThat(estate.onlyRun().status()).isEqualTo(RunStatus.SUCCEEDED);
    assertThat(estate.onlyRun().counts().skipped()).isEqualTo(2);
  }

  @Test
  void anEmptyRegisterIsARunThatSucceeds() {
    estate.register().execute("UPDATE instance SET deleted_at = now()");
    estate.now(THREE);
    tick(estate.gateway());
    assertThat(estate.onlyRun().status()).isEqualTo(RunStatus.SUCCEEDED);
  }

  @Test
  void anInstanceThatCannotBeAskedFailsAlone() {
    estate.now(THREE);
    tick(
        estate.gateway((instance, kind, by, run) ->
            estate.started().isEmpty()
                ? estate.start(instance)
                : Mono.error(ProblemException.notFound("instance", instance))));

    assertThat(estate.onlyRun().counts().running()).isEqualTo(1);
    assertThat(estate.onlyRun().counts().failed()).isEqualTo(2);
    List<RunItem> items =
        Objects.requireNonNull(
            new RunItems(estate.register().client()).of(estate.onlyRun().id(), 1).block());
    assertThat(Objects.requireNonNull(items.getFirst().failure()).code()).isEqualTo("not_started");
  }

  @Test
  void aGatewayThatDiesHalfWayLeavesNothingUndone() {
    estate.now(THREE);
    ScheduleEngine dying =
        estate.gateway((instance, kind, by, run) ->
            estate.started().size() == 1
                ? Mono.error(new IllegalStateException("killed"))
                : estate.start(instance));
    assertThatThrownBy(() -> tick(dying)).hasMessage("killed");
    assertThat(estate.onlyRun().counts().pending()).as("its transaction is undone").isEqualTo(3);
    estate.started().clear();

    tick(estate.gateway());
    assertThat(estate.started()).hasSize(3);
    assertThat(estate.onlyRun().counts().running()).isEqualTo(3);
  }
}
