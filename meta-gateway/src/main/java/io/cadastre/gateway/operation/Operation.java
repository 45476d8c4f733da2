package io.cadastre.gateway.operation;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A piece of work that a user or a schedule asked for, as the API shows it. Its state follows from
 * its scans.
 *
 * @param requestedBy a user name, or {@code schedule}
 * @param runId the run of a schedule that asked first, if one did
 * @param result of all its scans together
 * @param failure of the scan that failed, also where others succeeded
 */
public record Operation(
    UUID id,
    OperationKind kind,
    long instanceId,
    OperationStatus status,
    String requestedBy,
    @Nullable UUID runId,
    Instant createdAt,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    Progress progress,
    @Nullable ObjectNode result,
    @Nullable OperationFailure failure) {

  /** Databases dealt with, of how many; both zero until a worker says how many there are. */
  public record Progress(int done, int total) {}

  static Operation queued(
      UUID id,
      OperationKind kind,
      long instanceId,
      String requestedBy,
      @Nullable UUID runId,
      Instant now) {
    return new Operation(
        id,
        kind,
        instanceId,
        OperationStatus.QUEUED,
        requestedBy,
        runId,
        now,
        null,
        null,
        new Progress(0, 0),
        null,
        null);
  }

  /** The scan to start now that those so far have come this far; empty where none is left. */
  Optional<ScanKind> nextScan(List<Step> steps) {
    boolean goesOn =
        switch (steps.getLast().status()) {
          case SUCCEEDED, COMPLETED_WITH_ERRORS, HELD -> !status.finished();
          case QUEUED, RUNNING, FAILED, EXPIRED -> false;
        };
    return goesOn && steps.size() < kind.scans().size()
        ? Optional.of(kind.scans().get(steps.size()))
        : Optional.empty();
  }

  /** What it is once its scans have come this far. */
  Operation after(List<Step> steps, Instant now) {
    OperationStatus reached = status == OperationStatus.EXPIRED ? status : statusAfter(steps);
    if (reached != status && !reached.mayFollow(status)) {
      throw new IllegalStateException(
          "operation %s is %s (cannot become %s)".formatted(id, status.code(), reached.code()));
    }
    boolean waits = reached == OperationStatus.QUEUED;
    return new Operation(
        id,
        kind,
        instanceId,
        reached,
        requestedBy,
        runId,
        createdAt,
        startedAt == null && !waits ? now : startedAt,
        finishedAt == null && reached.finished() ? now : finishedAt,
        progressOf(steps),
        resultOf(steps),
        steps.stream().map(Step::failure).filter(Objects::nonNull).reduce(null, (_, b) -> b));
  }

  private OperationStatus statusAfter(List<Step> steps) {
    OperationStatus last = steps.getLast().status();
    if (!last.finished()) {
      return steps.size() == 1 ? last : OperationStatus.RUNNING;
    }
    if (nextScan(steps).isPresent()) {
      return OperationStatus.RUNNING;
    }
    List<OperationStatus> all = steps.stream().map(Step::status).distinct().toList();
    if (all.size() == 1) {
      return last;
    }
    if (all.contains(OperationStatus.EXPIRED)) {
      return OperationStatus.EXPIRED;
    }
    return all.contains(OperationStatus.HELD)
        ? OperationStatus.HELD
        : OperationStatus.COMPLETED_WITH_ERRORS;
  }

  private static Progress progressOf(List<Step> steps) {
    return new Progress(
        steps.stream().mapToInt(Step::done).sum(), steps.stream().mapToInt(Step::total).sum());
  }

  private static @Nullable ObjectNode resultOf(List<Step> steps) {
    ObjectNode merged = null;
    for (Step step : steps) {
      ObjectNode result = step.result();
      if (result != null) {
        merged = merged == null ? result.deepCopy() : merged.setAll(result);
      }
    }
    return merged;
  }
}
