package io.cadastre.gateway.schedule;

import static io.cadastre.gateway.database.Columns.required;

import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table {@code run}. */
@Component
final class Runs {

  private static final String SELECT =
      """
      SELECT r.*, c.*
      FROM run r
      CROSS JOIN LATERAL (
        SELECT count(*)::integer AS total,
          (count(*) FILTER (WHERE i.status = 'pending'))::integer AS pending,
          (count(*) FILTER (WHERE i.status = 'running'))::integer AS running,
          (count(*) FILTER (WHERE i.status = 'succeeded'))::integer AS succeeded,
          (count(*) FILTER (WHERE i.status IN ('completed_with_errors', 'held')))::integer AS completed_with_errors,
          (count(*) FILTER (WHERE i.status IN ('failed', 'expired')))::integer AS failed,
          (count(*) FILTER (WHERE i.status = 'skipped'))::integer AS skipped
        FROM run_item i WHERE i.run_id = r.id) c
      """;

  private final DatabaseClient database;

  Runs(DatabaseClient database) {
    this.database = database;
  }

  /** Empty where this firing happened already, or a run of the job is under way. */
  Mono<UUID> begin(
      UUID id, Job job, Trigger trigger, Due due, String requestedBy, int parallel, Instant now) {
    return database
        .sql(
            """
            INSERT INTO run (id, job, trigger, fire_time, missed, requested_by, parallel, status, started_at)
            VALUES (:id, :job, :trigger, :fireTime, :missed, :requestedBy, :parallel, 'running', :now)
            ON CONFLICT DO NOTHING RETURNING id
            """)
        .bind("id", id)
        .bind("job", job.code())
        .bind("trigger", trigger.code())
        .bind("fireTime", due.fireTime())
        .bind("missed", due.missed())
        .bind("requestedBy", requestedBy)
        .bind("parallel", parallel)
        .bind("now", now)
        .mapValue(UUID.class)
        .one();
  }

  Mono<Run> get(UUID id) {
    return database.sql(SELECT + " WHERE r.id = :id").bind("id", id).map(Runs::run).one();
  }

  Mono<Run> underWay(Job job) {
    return database
        .sql(SELECT + " WHERE r.job = :job AND r.status = 'running'")
        .bind("job", job.code())
        .map(Runs::run)
        .one();
  }

  /** All that are under way. */
  Flux<UUID> underWay() {
    return database.sql("SELECT id FROM run WHERE status = 'running'").mapValue(UUID.class).all();
  }

  /** Empty where another gateway is just taking the run forward, or it is over. */
  Mono<Boolean> tryLock(UUID id) {
    return database
        .sql("SELECT true FROM run WHERE id = :id AND status = 'running' FOR UPDATE SKIP LOCKED")
        .bind("id", id)
        .mapValue(Boolean.class)
        .one();
  }

  Mono<Void> finish(UUID id, RunStatus outcome, Instant now) {
    return database
        .sql("UPDATE run SET status = :status, finished_at = :now WHERE id = :id")
        .bind("status", outcome.code())
        .bind("now", now)
        .bind("id", id)
        .then();
  }

  /** Newest first, from after the given place. */
  Mono<List<Run>> page(
      @Nullable Job job,
      @Nullable RunStatus status,
      @Nullable Instant startedAt,
      @Nullable UUID id,
      int limit) {
    GenericExecuteSpec spec =
        database
            .sql(
                SELECT
                    + " WHERE true"
                    + (job == null ? "" : " AND r.job = :job")
                    + (status == null ? "" : " AND r.status = :status")
                    + (startedAt == null ? "" : " AND (r.started_at, r.id) < (:startedAt, :id)")
                    + " ORDER BY r.started_at DESC, r.id DESC LIMIT :limit")
            .bind("limit", limit);
    spec = job == null ? spec : spec.bind("job", job.code());
    spec = status == null ? spec : spec.bind("status", status.code());
    spec =
        startedAt == null || id == null ? spec : spec.bind("startedAt", startedAt).bind("id", id);
    return spec.map(Runs::run).all().collectList();
  }

  Mono<Long> deleteBefore(Instant oldest) {
    return database
        .sql("DELETE FROM run WHERE finished_at < :oldest")
        .bind("oldest", oldest)
        .fetch()
        .rowsUpdated();
  }

  private static Run run(Readable row) {
    return new Run(
        required(row, "id", UUID.class),
        Job.ofCode(required(row, "job", String.class)).orElseThrow(),
        Trigger.ofCode(required(row, "trigger", String.class)),
        required(row, "fire_time", Instant.class),
        required(row, "missed", Integer.class),
        required(row, "requested_by", String.class),
        required(row, "parallel", Integer.class),
        RunStatus.ofCode(required(row, "status", String.class)).orElseThrow(),
        required(row, "started_at", Instant.class),
        row.get("finished_at", Instant.class),
        new Run.Counts(
            required(row, "total", Integer.class),
            required(row, "pending", Integer.class),
            required(row, "running", Integer.class),
            required(row, "succeeded", Integer.class),
            required(row, "completed_with_errors", Integer.class),
            required(row, "failed", Integer.class),
            required(row, "skipped", Integer.class)));
  }
}
