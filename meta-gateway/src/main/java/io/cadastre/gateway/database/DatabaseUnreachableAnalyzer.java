package io.cadastre.gateway.database;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Says in one line why there is no start, in place of a page of stack traces. */
final class DatabaseUnreachableAnalyzer
    extends AbstractFailureAnalyzer<DatabaseUnreachableException> {

  @Override
  protected FailureAnalysis analyze(Throwable root, DatabaseUnreachableException cause) {
    return new FailureAnalysis(
        cause.getMessage(),
        "Start PostgreSQL, or correct cadastre.database.host, port, name and owner-password; to"
            + " wait longer set cadastre.database.startup-patience.",
        cause);
  }
}
