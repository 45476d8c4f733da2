package io.cadastre.gateway.audit;

import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import java.time.Clock;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;

/** The table {@code audit_log}; rows are added, the database refuses to change or delete one. */
@Component
public class AuditLog {

  private final DatabaseClient database;
  private final Clock clock;

  AuditLog(DatabaseClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Adds an entry to the caller's transaction, so that there is no change without its entry.
   *
   * @throws IllegalStateException where there is no transaction
   */
  public Mono<Void> record(AuditEntry entry) {
    return TransactionSynchronizationManager.forCurrentTransaction().then(insert(entry));
  }

  private Mono<Void> insert(AuditEntry entry) {
    return database
        .sql(
            """
            INSERT INTO audit_log
              (at, actor, action, entity_type, entity_id, before, after, operation_id)
            VALUES (:at, :actor, :action, :entityType, :entityId, :before, :after, :operationId)
            """)
        .bind("at", clock.instant())
        .bind("actor", entry.actor())
        .bind("action", entry.action())
        .bind("entityType", entry.entityType())
        .bind("entityId", entry.entityId())
        .bind("before", json(entry.before()))
        .bind("after", json(entry.after()))
        .bind("operationId", Parameters.in(PostgresqlObjectId.UUID, entry.operationId()))
        .then();
  }

  private static Object json(@Nullable JsonNode node) {
    return node == null ? Parameters.in(PostgresqlObjectId.JSONB) : Json.of(node.toString());
  }
}
