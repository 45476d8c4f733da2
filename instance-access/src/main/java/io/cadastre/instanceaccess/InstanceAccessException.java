package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;

/**
 * Work on an instance failed for a reason outside Cadastre. Has no cause: the texts of drivers can
 * hold what was sent to them, {@link #failure()} says what is safe to say.
 */
public final class InstanceAccessException extends Exception {

  private final transient Failure failure;

  InstanceAccessException(Failure failure) {
    super(failure.message());
    this.failure = failure;
  }

  static InstanceAccessException of(FailureCode code, String message, boolean retryable) {
    return new InstanceAccessException(new Failure(code, message, retryable));
  }

  /** Why, and by that who has to act. */
  public Failure failure() {
    return failure;
  }
}
