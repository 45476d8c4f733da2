package io.cadastre.gateway.operation;

import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.MessageJson;

/**
 * Why an operation or a scan ended without its result.
 *
 * @param code a {@link FailureCode} as it is written on the wire, or one of those below
 * @param message one sentence for a person; never holds a secret
 * @param retryable whether the same request may succeed later without anyone changing anything
 */
public record OperationFailure(String code, String message, boolean retryable) {

  static final OperationFailure EXPIRED =
      new OperationFailure("expired", "No worker answered in time.", true);

  /** A scan that a newer one overtook. */
  public static OperationFailure supersededBy(long scanNumber) {
    return new OperationFailure(
        "superseded", "A newer scan (number " + scanNumber + ") was decided before.", false);
  }

  /** The failure that a worker reported. */
  public static OperationFailure of(Failure failure) {
    String code = MessageJson.read(MessageJson.write(failure.code()), String.class);
    return new OperationFailure(code, failure.message(), failure.retryable());
  }
}
