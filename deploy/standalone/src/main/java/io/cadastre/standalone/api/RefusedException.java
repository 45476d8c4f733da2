package io.cadastre.standalone.api;

import java.io.IOException;

/** The gateway's answer was no; the message holds the problem it named. */
public final class RefusedException extends IOException {
  private final int status;

  RefusedException(String request, int status, String answer) {
    super("%s was answered with %d: %s".formatted(request, status, answer));
    this.status = status;
  }

  /** The status of the answer. */
  public int status() {
    return status;
  }
}
