package io.cadastre.gateway.database;

import io.r2dbc.postgresql.api.PostgresqlException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tells a row that is not written because its account was deleted a moment before. */
public final class AccountGone {

  private static final String FOREIGN_KEY_VIOLATION = "23503";

  /** As PostgreSQL names those of columns {@code username}, all of which refer to accounts. */
  private static final String REFERENCE = "_username_fkey";

  private AccountGone() {}

  /** Whether that is why the statement failed. */
  public static boolean is(Throwable failure) {
    return Stream.iterate(failure, AccountGone::isThere, Throwable::getCause)
        .anyMatch(AccountGone::isOne);
  }

  private static boolean isThere(@Nullable Throwable failure) {
    return failure != null;
  }

  private static boolean isOne(Throwable failure) {
    return failure instanceof PostgresqlException postgresql
        && postgresql.getErrorDetails().getCode().equals(FOREIGN_KEY_VIOLATION)
        && postgresql
            .getErrorDetails()
            .getConstraintName()
            .filter(name -> name.endsWith(REFERENCE))
            .isPresent();
  }
}
