package io.cadastre.gateway.operation;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where an operation stands, and where it may go from there. A scan goes through the same. */
public enum OperationStatus {
  /** The command waits to be sent. */
  QUEUED,
  /** The command is with the workers. */
  RUNNING,
  SUCCEEDED,
  /** It ended, but some of what was asked for is missing; the result says what. */
  COMPLETED_WITH_ERRORS,
  /** It would delete too much; nothing is applied until an operator decides. */
  HELD,
  FAILED,
  /** Nobody waits for it any longer. A result that still arrives is applied all the same. */
  EXPIRED;

  /** Whether this follows from the other by one legal move. */
  public boolean mayFollow(OperationStatus earlier) {
    return earlier.next().contains(this);
  }

  private Set<OperationStatus> next() {
    return switch (this) {
      case QUEUED, RUNNING ->
          Set.of(RUNNING, SUCCEEDED, COMPLETED_WITH_ERRORS, HELD, FAILED, EXPIRED);
      case HELD -> Set.of(SUCCEEDED, COMPLETED_WITH_ERRORS, FAILED);
      case SUCCEEDED, COMPLETED_WITH_ERRORS, FAILED, EXPIRED -> Set.of();
    };
  }

  /** Whether the workers have nothing more to do. */
  public boolean finished() {
    return this != QUEUED && this != RUNNING;
  }

  /** As the API, the database and the metrics name it. */
  @JsonValue
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<OperationStatus> ofCode(String code) {
    return Arrays.stream(values()).filter(status -> status.code().equals(code)).findFirst();
  }
}
