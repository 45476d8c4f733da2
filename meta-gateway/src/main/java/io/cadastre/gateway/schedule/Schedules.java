package io.cadastre.gateway.schedule;

import static io.cadastre.gateway.database.Columns.required;

import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The table {@code schedule}. */
@Component
final class Schedules {

  private static final String COLUMNS =
      """
      SELECT job, cron, time_zone, spread_minutes, parallel, enabled, version, updated_at, handled_through
      FROM schedule
      """;

  private final DatabaseClient database;

  Schedules(DatabaseClient database) {
    this.database = database;
  }

  Mono<List<Schedule>> all() {
    return after("", Job.values().length);
  }

  /** By job, those after one. */
  Mono<List<Schedule>> after(String job, int limit) {
    return database
        .sql(COLUMNS + " WHERE job > :after ORDER BY job LIMIT :limit")
        .bind("after", job)
        .bind("limit", limit)
        .map(Schedules::schedule)
        .all()
        .collectList();
  }

  Mono<Schedule> get(Job job) {
    return one(job, "");
  }

  /** Waits for whoever changes it; the caller's transaction then owns it. */
  Mono<Schedule> lock(Job job) {
    return one(job, " FOR UPDATE");
  }

  /** Empty where another gateway is just looking after it. */
  Mono<Schedule> tryLock(Job job) {
    return one(job, " FOR UPDATE SKIP LOCKED");
  }

  private Mono<Schedule> one(Job job, String lock) {
    return database
        .sql(COLUMNS + " WHERE job = :job" + lock)
        .bind("job", job.code())
        .map(Schedules::schedule)
        .one();
  }

  Mono<Void> handledThrough(Job job, Instant moment) {
    return database
        .sql("UPDATE schedule SET handled_through = :moment WHERE job = :job")
        .bind("moment", moment)
        .bind("job", job.code())
        .then();
  }

  Mono<Void> store(Schedule changed) {
    return database
        .sql(
            """
            UPDATE schedule SET cron = :cron, time_zone = :zone, spread_minutes = :spread, parallel = :parallel,
              enabled = :enabled, version = :version, updated_at = :updated, handled_through = :handled
            WHERE job = :job
            """)
        .bind("cron", changed.cron())
        .bind("zone", changed.timeZone())
        .bind("spread", changed.spreadMinutes())
        .bind("parallel", changed.parallel())
        .bind("enabled", changed.enabled())
        .bind("version", changed.version())
        .bind("updated", changed.updatedAt())
        .bind("handled", changed.handledThrough())
        .bind("job", changed.job().code())
        .then();
  }

  private static Schedule schedule(Readable row) {
    return new Schedule(
        Job.ofCode(required(row, "job", String.class)).orElseThrow(),
        required(row, "cron", String.class),
        required(row, "time_zone", String.class),
        required(row, "spread_minutes", Integer.class),
        required(row, "parallel", Integer.class),
        required(row, "enabled", Boolean.class),
        required(row, "version", Long.class),
        required(row, "updated_at", Instant.class),
        required(row, "handled_through", Instant.class));
  }
}
