package io.cadastre.gateway.database;

import io.r2dbc.pool.ConnectionPool;
import io.r2dbc.pool.ConnectionPoolConfiguration;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.R2dbcNonTransientResourceException;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

/**
 * A pool that hands out no connection which the server closed. After a restart of PostgreSQL all
 * that lie here are dead; the pool alone looks at two of them and fails, this one goes on to the
 * next, and at last to a new one. To look costs nothing: a connection knows that it was closed.
 */
final class LivingConnections extends ConnectionPool {

  private final Retry untilOneLives;

  LivingConnections(ConnectionPoolConfiguration configuration, int maxSize) {
    super(configuration);
    untilOneLives =
        Retry.max(maxSize)
            .filter(LivingConnections::wasClosed)
            .onRetryExhaustedThrow((_, last) -> last.failure());
  }

  @Override
  public Mono<Connection> create() {
    return super.create().retryWhen(untilOneLives);
  }

  /** What the pool says of a connection that is none any more; all else has a class of its own. */
  private static boolean wasClosed(Throwable failure) {
    return failure.getClass() == R2dbcNonTransientResourceException.class;
  }
}
