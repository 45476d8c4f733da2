package io.cadastre.gateway.database;

import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcTransientException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells a database that is not there, or had no time, from a mistake in a statement. */
public final class DatabaseOutage {

  private DatabaseOutage() {}

  /** Whether the same work may succeed later as it is. */
  public static boolean is(Throwable failure) {
    return Stream.iterate(failure, DatabaseOutage::hasNext, Throwable::getCause)
        .anyMatch(DatabaseOutage::isOne);
  }

  private static boolean hasNext(@Nullable Throwable failure) {
    return failure != null;
  }

  private static boolean isOne(Throwable failure) {
    return failure instanceof R2dbcNonTransientResourceException
        || failure instanceof R2dbcTransientException
        || failure instanceof CannotCreateTransactionException;
  }
}
