package io.cadastre.gateway.database;

import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractReactiveHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Whether a statement gets through the pool to PostgreSQL and back in good time. */
@Component
final class PostgresqlHealthIndicator extends AbstractReactiveHealthIndicator {

  private static final Duration GOOD_TIME = Duration.ofSeconds(3);

  private final DatabaseClient database;

  PostgresqlHealthIndicator(DatabaseClient database) {
    this.database = database;
  }

  @Override
  protected Mono<Health> doHealthCheck(Health.Builder builder) {
    return database.sql("SELECT 1").fetch().one().timeout(GOOD_TIME).map(_ -> builder.up().build());
  }
}
