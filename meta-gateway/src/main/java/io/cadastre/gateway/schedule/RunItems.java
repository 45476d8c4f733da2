package io.cadastre.gateway.schedule;

import static io.cadastre.gateway.database.Columns.required;

import io.cadastre.gateway.operation.Operation;
import io.cadastre.gateway.operation.OperationFailure;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The table {@code run_item}. */
@Component
final class RunItems {

  private final DatabaseClient database;

  RunItems(DatabaseClient database) {
    this.database = database;
  }

  /** An instance whose turn has come. */
  record Next(long instanceId, boolean deleted) {}

  /** Gives every instance its place in the window. */
  Mono<Void> plan(UUID run, Instant windowStart, Duration window) {
    return database
        .sql("SELECT id FROM instance WHERE deleted_at IS NULL ORDER BY id")
        .mapValue(Long.class)
        .all()
        .collectList()
        .flatMap(ids -> insert(run, windowStart, window, ids));
  }

  private Mono<Void> insert(UUID run, Instant windowStart, Duration window, List<Long> ids) {
    return database
        .sql(
            """
            INSERT INTO run_item (run_id, instance_id, planned_at, status)
            SELECT :run, p.id, :start + p.seconds * interval '1 second', 'pending'
            FROM unnest(:ids::bigint[], :seconds::bigint[]) AS p (id, seconds)
            """)
        .bind("run", run)
        .bind("start", windowStart)
        .bind("ids", ids.toArray(Long[]::new))
        .bind(
            "seconds",
            ids.stream().map(id -> Spread.of(id, window).toSeconds()).toArray(Long[]::new))
        .then();
  }

  Mono<List<Next>> due(UUID run, Instant now, int limit) {
    return database
        .sql(
            """
            SELECT i.instance_id, n.deleted_at IS NOT NULL AS deleted
            FROM run_item i JOIN instance n ON n.id = i.instance_id
            WHERE i.run_id = :run AND i.status = 'pending' AND i.planned_at <= :now
            ORDER BY i.planned_at, i.instance_id LIMIT :limit
            """)
        .bind("run", run)
        .bind("now", now)
        .bind("limit", limit)
        .map(row ->
            new Next(
                required(row, "instance_id", Long.class), required(row, "deleted", Boolean.class)))
        .all()
        .collectList();
  }

  Mono<Void> started(UUID run, long instanceId, UUID operation, Instant now) {
    return database
        .sql(
            """
            UPDATE run_item SET status = 'running', operation_id = :operation, started_at = :now
            WHERE run_id = :run AND instance_id = :instance
            """)
        .bind("operation", operation)
        .bind("now", now)
        .bind("run", run)
        .bind("instance", instanceId)
        .then();
  }

  /** Of an instance that was never asked. */
  Mono<Void> ended(UUID run, long instanceId, String status, RunItem.Reason reason, Instant now) {
    return database
        .sql(
            """
            UPDATE run_item SET status = :status, finished_at = :now, failure_code = :code, failure_message = :message
            WHERE run_id = :run AND instance_id = :instance
            """)
        .bind("status", status)
        .bind("now", now)
        .bind("code", reason.code())
        .bind("message", reason.message())
        .bind("run", run)
        .bind("instance", instanceId)
        .then();
  }

  /** Takes over how an operation ended; tells the runs that waited for it. */
  Mono<List<UUID>> finished(Operation operation, Instant now) {
    OperationFailure failure = operation.failure();
    return database
        .sql(
            """
            UPDATE run_item SET status = :status, finished_at = :now, failure_code = :code, failure_message = :message
            WHERE operation_id = :operation AND status IN ('running', 'held') RETURNING run_id
            """)
        .bind("status", operation.status().code())
        .bind("now", now)
        .bind("code", text(failure == null ? null : failure.code()))
        .bind("message", text(failure == null ? null : failure.message()))
        .bind("operation", operation.id())
        .mapValue(UUID.class)
        .all()
        .collectList();
  }

  /** Those that went wrong first. */
  Mono<List<RunItem>> of(UUID run, int limit) {
    return database
        .sql(
            """
            SELECT i.*, n.name FROM run_item i JOIN instance n ON n.id = i.instance_id WHERE i.run_id = :run
            ORDER BY array_position(ARRAY['failed', 'expired', 'held', 'completed_with_errors', 'running', 'skipped',
              'pending', 'succeeded'], i.status), n.name, n.id
            LIMIT :limit
            """)
        .bind("run", run)
        .bind("limit", limit)
        .map(RunItems::item)
        .all()
        .collectList();
  }

  private static RunItem item(Readable row) {
    String code = row.get("failure_code", String.class);
    String message = row.get("failure_message", String.class);
    return new RunItem(
        required(row, "instance_id", Long.class),
        required(row, "name", String.class),
        required(row, "status", String.class),
        required(row, "planned_at", Instant.class),
        row.get("operation_id", UUID.class),
        row.get("started_at", Instant.class),
        row.get("finished_at", Instant.class),
        code == null || message == null ? null : new RunItem.Reason(code, message));
  }

  private static Object text(@Nullable String value) {
    return value == null ? Parameters.in(PostgresqlObjectId.TEXT) : value;
  }
}
