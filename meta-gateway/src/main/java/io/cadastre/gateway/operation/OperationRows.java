package io.cadastre.gateway.operation;

import static java.util.Objects.requireNonNull;

import io.cadastre.contracts.events.MessageJson;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** The tables {@code operation} and {@code scan}. */
@Component
final class OperationRows {

  private static final String COLUMNS =
      """
      SELECT id, kind, instance_id, status, requested_by, run_id, created_at, started_at,
             finished_at, progress_done, progress_total, result, failure
      FROM operation
      """;

  private final DatabaseClient database;

  OperationRows(DatabaseClient database) {
    this.database = database;
  }

  Mono<Operation> find(UUID id) {
    return database
        .sql(COLUMNS + "WHERE id = :id")
        .bind("id", id)
        .map(OperationRows::operation)
        .one();
  }

  Mono<Operation> underWay(long instanceId, OperationKind kind) {
    return database
        .sql(
            COLUMNS
                + "WHERE instance_id = :instance AND kind = :kind"
                + " AND status IN ('queued', 'running')")
        .bind("instance", instanceId)
        .bind("kind", kind.code())
        .map(OperationRows::operation)
        .one();
  }

  /** Newest first; a filter that is null does not filter. */
  Flux<Operation> list(
      @Nullable Long instanceId,
      @Nullable OperationKind kind,
      @Nullable OperationStatus status,
      @Nullable Instant beforeCreatedAt,
      @Nullable UUID beforeId,
      int limit) {
    return database
        .sql(
            COLUMNS
                + """
                WHERE (:instance::bigint IS NULL OR instance_id = :instance)
                  AND (:kind::text IS NULL OR kind = :kind)
                  AND (:status::text IS NULL OR status = :status)
                  AND (:at::timestamptz IS NULL OR (created_at, id) < (:at, :id::uuid))
                ORDER BY created_at DESC, id DESC LIMIT :limit
                """)
        .bind("instance", Parameters.in(PostgresqlObjectId.INT8, instanceId))
        .bind("kind", Parameters.in(PostgresqlObjectId.TEXT, kind == null ? null : kind.code()))
        .bind(
            "status", Parameters.in(PostgresqlObjectId.TEXT, status == null ? null : status.code()))
        .bind("at", Parameters.in(PostgresqlObjectId.TIMESTAMPTZ, beforeCreatedAt))
        .bind("id", Parameters.in(PostgresqlObjectId.UUID, beforeId))
        .bind("limit", limit)
        .map(OperationRows::operation)
        .all();
  }

  Mono<Void> insert(Operation operation, Instant expiresAt) {
    return database
        .sql(
            """
            INSERT INTO operation (id, kind, instance_id, status, requested_by, run_id, created_at, expires_at)
            VALUES (:id, :kind, :instance, :status, :by, :run, :at, :expires)
            """)
        .bind("id", operation.id())
        .bind("kind", operation.kind().code())
        .bind("instance", operation.instanceId())
        .bind("status", operation.status().code())
        .bind("by", operation.requestedBy())
        .bind("run", Parameters.in(PostgresqlObjectId.UUID, operation.runId()))
        .bind("at", operation.createdAt())
        .bind("expires", expiresAt)
        .then();
  }

  Mono<Void> update(Operation operation) {
    return database
        .sql(
            """
            UPDATE operation SET status = :status, started_at = :started, finished_at = :finished,
              progress_done = :done, progress_total = :total, result = :result, failure = :failure
            WHERE id = :id
            """)
        .bind("id", operation.id())
        .bind("status", operation.status().code())
        .bind("started", Parameters.in(PostgresqlObjectId.TIMESTAMPTZ, operation.startedAt()))
        .bind("finished", Parameters.in(PostgresqlObjectId.TIMESTAMPTZ, operation.finishedAt()))
        .bind("done", operation.progress().done())
        .bind("total", operation.progress().total())
        .bind("result", json(operation.result()))
        .bind("failure", json(operation.failure()))
        .then();
  }

  /** Marks as running what waited for its command to be sent; answers which operations. */
  Flux<Operation> started(Collection<UUID> ids, Instant now) {
    return database
        .sql(
            """
            WITH begun AS (
              UPDATE operation SET status = 'running', started_at = coalesce(started_at, :now)
              WHERE id = ANY (:ids) AND status = 'queued' RETURNING id)
            UPDATE scan SET status = 'running'
            WHERE operation_id = ANY (:ids) AND status = 'queued' RETURNING operation_id
            """)
        .bind("ids", ids.toArray(UUID[]::new))
        .bind("now", now)
        .map(row -> required(row, "operation_id", UUID.class))
        .all()
        .distinct()
        // All are read before the next statement: it would wait for this one to be read to its end.
        .collectList()
        .flatMapMany(Flux::fromIterable)
        .concatMap(this::find);
  }

  /** Operations whose time is over. */
  Mono<List<Operation>> overdue(Instant now, int limit) {
    return database
        .sql(
            COLUMNS
                + """
                WHERE status IN ('queued', 'running') AND expires_at < :now
                ORDER BY expires_at LIMIT :limit
                """)
        .bind("now", now)
        .bind("limit", limit)
        .map(OperationRows::operation)
        .all()
        .collectList();
  }

  /** The scans of an operation in the order in which they were started. */
  Mono<List<Step>> steps(UUID operationId) {
    return database
        .sql(
            """
            SELECT id, kind, number, status, done, total, result, failure
            FROM scan WHERE operation_id = :operation ORDER BY number
            """)
        .bind("operation", operationId)
        .map(row ->
            new Step(
                required(row, "id", UUID.class),
                ScanKind.ofCode(required(row, "kind", String.class)),
                required(row, "number", Long.class),
                status(row),
                required(row, "done", Integer.class),
                required(row, "total", Integer.class),
                read(row, "result", ObjectNode.class),
                read(row, "failure", OperationFailure.class)))
        .all()
        .collectList();
  }

  Mono<Void> insert(UUID operationId, long instanceId, Step step, Instant now, Instant expiresAt) {
    return database
        .sql(
            """
            INSERT INTO scan (id, operation_id, instance_id, number, kind, status, total, created_at, expires_at)
            VALUES (:id, :operation, :instance, :number, :kind, :status, :total, :now, :expires)
            """)
        .bind("id", step.scanId())
        .bind("operation", operationId)
        .bind("instance", instanceId)
        .bind("number", step.number())
        .bind("kind", step.kind().code())
        .bind("status", step.status().code())
        .bind("total", step.total())
        .bind("now", now)
        .bind("expires", expiresAt)
        .then();
  }

  Mono<Void> update(Step step, Instant now) {
    return database
        .sql(
            """
            UPDATE scan SET status = :status, done = :done, total = :total, result = :result,
              failure = :failure, finished_at = CASE WHEN :finished THEN :now ELSE finished_at END
            WHERE id = :id
            """)
        .bind("id", step.scanId())
        .bind("status", step.status().code())
        .bind("done", step.done())
        .bind("total", step.total())
        .bind("result", json(step.result()))
        .bind("failure", json(step.failure()))
        .bind("finished", step.status().finished())
        .bind("now", now)
        .then();
  }

  private static Operation operation(Readable row) {
    return new Operation(
        required(row, "id", UUID.class),
        OperationKind.ofCode(required(row, "kind", String.class)).orElseThrow(),
        required(row, "instance_id", Long.class),
        status(row),
        required(row, "requested_by", String.class),
        row.get("run_id", UUID.class),
        required(row, "created_at", Instant.class),
        row.get("started_at", Instant.class),
        row.get("finished_at", Instant.class),
        new Operation.Progress(
            required(row, "progress_done", Integer.class),
            required(row, "progress_total", Integer.class)),
        read(row, "result", ObjectNode.class),
        read(row, "failure", OperationFailure.class));
  }

  private static OperationStatus status(Readable row) {
    return OperationStatus.ofCode(required(row, "status", String.class)).orElseThrow();
  }

  private static <T> T required(Readable row, String column, Class<T> type) {
    return requireNonNull(row.get(column, type), column);
  }

  private static <T> @Nullable T read(Readable row, String column, Class<T> type) {
    Json json = row.get(column, Json.class);
    return json == null ? null : MessageJson.read(json.asArray(), type);
  }

  private static Object json(@Nullable Object value) {
    return value == null
        ? Parameters.in(PostgresqlObjectId.JSONB)
        : Json.of(MessageJson.write(value));
  }
}
