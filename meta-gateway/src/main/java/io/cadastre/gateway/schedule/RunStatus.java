package io.cadastre.gateway.schedule;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How a run stands. */
enum RunStatus {
  RUNNING,
  SUCCEEDED,
  COMPLETED_WITH_ERRORS,
  FAILED;

  static final String ALLOWED =
      Arrays.stream(values()).map(RunStatus::code).collect(Collectors.joining(", "));

  /** Of a run whose instances are all done; those left out because they are gone do not count. */
  static RunStatus of(int succeeded, int partly, int failed) {
    if (partly == 0 && failed == 0) {
      return SUCCEEDED;
    }
    return succeeded == 0 && partly == 0 ? FAILED : COMPLETED_WITH_ERRORS;
  }

  @JsonValue
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<RunStatus> ofCode(String code) {
    return Arrays.stream(values()).filter(status -> status.code().equals(code)).findFirst();
  }
}
