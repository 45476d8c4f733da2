package io.cadastre.standalone;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Something did not start, and so nothing stays up. */
final class FailedStartException extends Exception {
  private static final int CAUSES_MAX = 10;

  private final Throwable reason;
  private final transient @Nullable Path log;

  /**
   * Writes the whole of it to the log.
   *
   * @param log where it can be read afterwards; null where it cannot
   */
  FailedStartException(Throwable reason, @Nullable Path log) {
    super(reason);
    this.reason = reason;
    this.log = log;
    LoggerFactory.getLogger(FailedStartException.class).error("the start failed", reason);
  }

  /** In a few lines, from what failed down to why; in full where there is no log to look into. */
  void explain(PrintStream out) {
    out.println("Cadastre could not start:");
    Throwable cause = reason;
    String said = "";
    for (int depth = 0; cause != null && depth < CAUSES_MAX; depth++, cause = cause.getCause()) {
      String message = Objects.requireNonNullElse(cause.getMessage(), cause.toString());
      if (!said.contains(message)) {
        out.println("  " + message);
      }
      said = message;
    }
    if (log == null) {
      reason.printStackTrace(out);
    } else {
      out.println("All of it is in the log: " + log);
    }
  }
}
