package io.cadastre.gateway.operation;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * One scan of an operation and how far it is.
 *
 * @param number rises with every scan of the instance
 * @param total zero until a worker says how much there is
 */
record Step(
    UUID scanId,
    ScanKind kind,
    long number,
    OperationStatus status,
    int done,
    int total,
    @Nullable ObjectNode result,
    @Nullable OperationFailure failure) {

  static Step queued(UUID scanId, ScanKind kind, long number, int expectedTotal) {
    return new Step(scanId, kind, number, OperationStatus.QUEUED, 0, expectedTotal, null, null);
  }

  /**
   * Takes in what a message said. A result may come after everyone stopped waiting: it counts, late
   * as it is.
   */
  Step after(ScanReport report) {
    boolean late = status == OperationStatus.EXPIRED;
    if (!late && !report.status().mayFollow(status)) {
      throw new IllegalStateException(
          "scan %s is %s (cannot become %s)"
              .formatted(scanId, status.code(), report.status().code()));
    }
    return new Step(
        scanId,
        kind,
        number,
        late && !report.status().finished() ? status : report.status(),
        report.done(),
        report.total(),
        report.result(),
        report.failure());
  }
}
