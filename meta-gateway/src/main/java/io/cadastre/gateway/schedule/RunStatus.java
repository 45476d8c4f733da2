package io.cadastre.gateway.schedule;

import java.util.Locale;

/** How a run stands. */
enum RunStatus {
  RUNNING,
  SUCCEEDED,
  COMPLETED_WITH_ERRORS,
  FAILED;

  /** Of a run whose instances are all done; those left out because they are gone do not count. */
  static RunStatus of(int succeeded, int partly, int failed) {
    if (partly == 0 && failed == 0) {
      return SUCCEEDED;
    }
    return succeeded == 0 && partly == 0 ? FAILED : COMPLETED_WITH_ERRORS;
  }

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
