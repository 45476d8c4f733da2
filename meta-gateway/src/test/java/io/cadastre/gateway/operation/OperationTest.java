package io.cadastre.gateway.operation;

import static io.cadastre.gateway.operation.OperationStatus.EXPIRED;
import static io.cadastre.gateway.operation.OperationStatus.FAILED;
import static io.cadastre.gateway.operation.OperationStatus.HELD;
import static io.cadastre.gateway.operation.OperationStatus.QUEUED;
import static io.cadastre.gateway.operation.OperationStatus.RUNNING;
import static io.cadastre.gateway.operation.OperationStatus.SUCCEEDED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OperationTest {

  private static final Instant START = Instant.parse("2026-11-21T03:00:00Z");
  private static final OperationFailure REFUSED =
      new OperationFailure("connection_refused", "127.0.0.1:3306 refuses connections.", true);

  private final List<Step> steps = new ArrayList<>();

  @Test
  void aSingleScanCarriesItsOperation() {
    Operation operation = requested(OperationKind.SYNC_DATABASES);
    assertThat(operation.status()).isEqualTo(QUEUED);

    operation = reported(operation, 1, ScanReport.running(40, 100, null));
    assertThat(operation.status()).isEqualTo(RUNNING);
    assertThat(operation.startedAt()).isEqualTo(START.plusSeconds(1));
    assertThat(operation.progress()).isEqualTo(new Operation.Progress(40, 100));

    operation = reported(operation, 2, ScanReport.succeeded(100, Map.of("databases_found", 100)));
    assertThat(operation.status()).isEqualTo(SUCCEEDED);
    assertThat(operation.startedAt()).isEqualTo(START.plusSeconds(1));
    assertThat(operation.finishedAt()).isEqualTo(START.plusSeconds(2));
    assertThat(operation.result()).hasToString("{\"databases_found\":100}");
  }

  @Test
  void syncAllGoesFromDatabasesToSizesAndShowsBoth() {
    Operation operation = requested(OperationKind.SYNC_ALL);
    operation = reported(operation, 1, ScanReport.succeeded(7, Map.of("databases_found", 7)));
    assertThat(operation.status()).isEqualTo(RUNNING);
    assertThat(operation.nextScan(steps)).contains(ScanKind.SIZES);

    steps.add(Step.queued(UUID.randomUUID(), ScanKind.SIZES, 2, 7));
    operation = operation.after(steps, START.plusSeconds(2));
    assertThat(operation.status()).isEqualTo(RUNNING);
    assertThat(operation.progress()).isEqualTo(new Operation.Progress(7, 14));
    assertThat(operation.nextScan(steps)).isEmpty();

    operation = reported(operation, 3, ScanReport.succeeded(7, Map.of("saved_count", 7)));
    assertThat(operation.status()).isEqualTo(SUCCEEDED);
    assertThat(operation.result()).hasToString("{\"databases_found\":7,\"saved_count\":7}");
  }

  @Test
  void sizesAreNotMeasuredWhereDatabasesCouldNotBeListed() {
    Operation operation = requested(OperationKind.SYNC_ALL);
    operation = reported(operation, 1, ScanReport.failed(0, 0, null, REFUSED));
    assertThat(operation.status()).isEqualTo(FAILED);
    assertThat(operation.failure()).isEqualTo(REFUSED);
    assertThat(operation.nextScan(steps)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "SUCCEEDED, SUCCEEDED, SUCCEEDED",
    "SUCCEEDED, COMPLETED_WITH_ERRORS, COMPLETED_WITH_ERRORS",
    "COMPLETED_WITH_ERRORS, SUCCEEDED, COMPLETED_WITH_ERRORS",
    "SUCCEEDED, FAILED, COMPLETED_WITH_ERRORS",
    "HELD, SUCCEEDED, HELD",
    "HELD, FAILED, HELD",
    "SUCCEEDED, EXPIRED, EXPIRED"
  })
  void theEndOfSyncAllFollowsFromBothOfItsScans(
      OperationStatus databases, OperationStatus sizes, OperationStatus all) {
    Operation operation = requested(OperationKind.SYNC_ALL);
    operation = reported(operation, 1, report(databases));
    assertThat(operation.status()).isEqualTo(RUNNING);
    steps.add(Step.queued(UUID.randomUUID(), ScanKind.SIZES, 2, 0));
    operation = reported(operation, 2, report(sizes));
    assertThat(operation.status()).isEqualTo(all);
  }

  @Test
  void aHeldOperationEndsAsItsScanIsDecided() {
    Operation held = reported(requested(OperationKind.SYNC_DATABASES), 1, report(HELD));
    assertThat(held.status()).isEqualTo(HELD);
    assertThat(reported(held, 2, report(SUCCEEDED)).status()).isEqualTo(SUCCEEDED);
  }

  @Test
  void aResultThatComesTooLateCountsForTheScanAlone() {
    Operation expired = reported(requested(OperationKind.SYNC_ALL), 1, report(EXPIRED));
    assertThat(expired.status()).isEqualTo(EXPIRED);

    Operation late = reported(expired, 2, report(SUCCEEDED));
    assertThat(late.status()).isEqualTo(EXPIRED);
    assertThat(late.finishedAt()).isEqualTo(START.plusSeconds(1));
    assertThat(steps.getFirst().status()).isEqualTo(SUCCEEDED);
    assertThat(late.nextScan(steps)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = OperationStatus.class,
      names = {"SUCCEEDED", "COMPLETED_WITH_ERRORS", "FAILED"})
  void anEndedScanDoesNotMoveAgain(OperationStatus end) {
    Operation ended = reported(requested(OperationKind.SYNC_DATABASES), 1, report(end));
    assertThatThrownBy(() -> reported(ended, 2, report(RUNNING)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is " + end.code() + " (cannot become running)");
  }

  private Operation requested(OperationKind kind) {
    steps.add(Step.queued(UUID.randomUUID(), kind.scans().getFirst(), 1, 0));
    return Operation.queued(UUID.randomUUID(), kind, 7, "ada", null, START);
  }

  private Operation reported(Operation operation, int second, ScanReport report) {
    steps.add(steps.removeLast().after(report));
    return operation.after(steps, START.plusSeconds(second));
  }

  private static ScanReport report(OperationStatus status) {
    OperationFailure failure = status == FAILED || status == EXPIRED ? REFUSED : null;
    return new ScanReport(status, 1, 1, null, failure);
  }
}
