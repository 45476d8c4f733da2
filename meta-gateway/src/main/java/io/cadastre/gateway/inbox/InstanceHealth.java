package io.cadastre.gateway.inbox;

import io.cadastre.contracts.events.ConnectionTested;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.DiscoveryFailed;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.SizeCollectionFailed;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.gateway.operation.OperationFailure;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Whether an instance answered when it was last asked, whatever it was asked for. */
@Component
final class InstanceHealth {

  private final DatabaseClient database;
  private final InstantSource clock;

  InstanceHealth(DatabaseClient database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Notes what an event says of the instance as a whole. */
  Mono<Void> seen(ScanEvent event) {
    return switch (event) {
      case DatabasesDiscovered found -> write(event, found.server(), null);
      case SizesCollected sizes -> write(event, sizes.server(), null);
      case ConnectionTested tested -> write(event, tested.server(), tested.failure());
      case DiscoveryFailed failed -> failing(event, failed.failure());
      case SizeCollectionFailed failed -> failing(event, failed.failure());
    };
  }

  private Mono<Void> failing(ScanEvent event, Failure failure) {
    // That a command lay too long says nothing of the instance.
    return failure.code() == FailureCode.EXPIRED ? Mono.empty() : write(event, null, failure);
  }

  private Mono<Void> write(
      ScanEvent event, @Nullable ServerInfo server, @Nullable Failure failure) {
    OperationFailure shown = failure == null ? null : OperationFailure.of(failure);
    return database
        .sql(
            """
            INSERT INTO instance_state AS s (instance_id, server_product, server_version,
              health_status, health_since, health_failure_code, health_failure_message)
            VALUES (:id, :product, :version, :status, :now, :code, :message)
            ON CONFLICT (instance_id) DO UPDATE SET
              server_product = coalesce(excluded.server_product, s.server_product),
              server_version = coalesce(excluded.server_version, s.server_version),
              health_since = CASE WHEN s.health_status = excluded.health_status
                                  THEN s.health_since ELSE excluded.health_since END,
              health_status = excluded.health_status,
              health_failure_code = excluded.health_failure_code,
              health_failure_message = excluded.health_failure_message
            """)
        .bind("id", event.instanceId())
        .bind("product", text(server == null ? null : server.product()))
        .bind("version", text(server == null ? null : server.version()))
        .bind("status", failure == null ? "ok" : "failing")
        .bind("now", clock.instant())
        .bind("code", text(shown == null ? null : shown.code()))
        .bind("message", text(shown == null ? null : shown.message()))
        .then();
  }

  private static Object text(@Nullable String value) {
    return Parameters.in(PostgresqlObjectId.TEXT, value);
  }
}
