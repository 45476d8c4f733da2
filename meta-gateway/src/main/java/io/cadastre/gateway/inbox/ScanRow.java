package io.cadastre.gateway.inbox;

import io.cadastre.gateway.operation.OperationStatus;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A scan as it is when one of its messages arrives.
 *
 * @param decidedNumber of the newest scan of its kind that was applied or held
 * @param result what the parts of the message's attempt came to so far
 */
record ScanRow(
    UUID id,
    UUID operationId,
    long number,
    OperationStatus status,
    long decidedNumber,
    @Nullable ObjectNode result) {

  /** A second attempt at what has failed already tells nothing new either. */
  boolean outdated() {
    return number <= decidedNumber || status == OperationStatus.FAILED;
  }

  /** Late is better than never: what expired may still be answered. */
  boolean acceptsResults() {
    return !status.finished() || status == OperationStatus.EXPIRED;
  }
}
