package io.cadastre.gateway.database;

import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import io.r2dbc.spi.R2dbcPermissionDeniedException;
import io.r2dbc.spi.R2dbcTransientException;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.CannotCreateTransactionException;

/** Tells a database that is not there, or had no time, from a mistake in a statement. */
public final class DatabaseOutage {

  /**
   * Classes of SQLSTATE that pass: connection exception, insufficient resources, operator
   * intervention, system error; and what the driver says of a connection that broke.
   */
  private static final Set<String> PASSING_CLASSES = Set.of("08", "53", "57", "58", "99");

  /** Lock not available, idle in transaction for too long. */
  private static final Set<String> PASSING_STATES = Set.of("55P03", "25P03");

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
    return switch (failure) {
      case CannotCreateTransactionException _, R2dbcTransientException _ -> true;
      // The driver puts every state that it does not know here, those of bugs too.
      case R2dbcNonTransientResourceException resource -> passes(resource);
      // Whoever changes the gateway's password mends it without a restart.
      case R2dbcPermissionDeniedException denied -> state(denied).startsWith("28");
      default -> false;
    };
  }

  private static boolean passes(R2dbcException failure) {
    String state = state(failure);
    return state.length() < 2
        || PASSING_CLASSES.contains(state.substring(0, 2))
        || PASSING_STATES.contains(state);
  }

  private static String state(R2dbcException failure) {
    String state = failure.getSqlState();
    return state == null ? "" : state;
  }
}
