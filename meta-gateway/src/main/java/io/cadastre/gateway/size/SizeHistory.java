package io.cadastre.gateway.size;

import static io.cadastre.gateway.database.Columns.required;

import io.cadastre.gateway.size.SizeSeries.Period;
import io.cadastre.gateway.size.SizeSeries.Sample;
import io.r2dbc.spi.Readable;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Reads what was measured, of an instance or of one of its databases. */
@Component
final class SizeHistory {

  /** So many days say where a size is heading; what was before may have had other causes. */
  private static final int DAYS_FOR_TREND = 90;

  /** Two points of each stretch are kept, so no peak and no dip is lost. */
  private static final int STRETCHES = 1000;

  private final DatabaseClient database;

  SizeHistory(DatabaseClient database) {
    this.database = database;
  }

  /**
   * Whose sizes.
   *
   * @param database null for the whole instance
   */
  record Subject(long instanceId, @Nullable String database) {}

  /** Samples, and how many there would have been. */
  record Samples(List<Sample> points, long total) {

    boolean thinned() {
      return points.size() < total;
    }
  }

  /** The size now and the limit; both may be unknown. */
  record Level(@Nullable Long latestBytes, @Nullable Long capacityBytes) {}

  Mono<Samples> samples(Subject subject, Instant from, Instant to) {
    String source =
        subject.database() == null
            ? """
            SELECT collected_at, total_size_bytes AS size, NULL::bigint AS data_bytes, NULL::bigint AS index_bytes,
              NULL::bigint AS free_bytes, estimate, database_count, failed_count, carried_bytes
            FROM instance_size_stats WHERE instance_id = :instance
            """
            : """
            SELECT collected_at, size_bytes AS size, data_bytes, index_bytes, free_bytes, estimate,
              NULL::integer AS database_count, NULL::integer AS failed_count, NULL::bigint AS carried_bytes
            FROM database_size_stats WHERE instance_id = :instance AND database_name = :database
            """;
    return bind(
            """
            WITH s AS (%s AND collected_at >= :from AND collected_at < :to),
            placed AS (
              -- Counted in a place of its own, so once; joined, it is counted for every sample where
              -- PostgreSQL has not seen yet how many there are.
              SELECT s.*, (SELECT count(*) FROM s) AS total,
                floor(:stretches * extract(epoch FROM collected_at - :from)
                  / extract(epoch FROM :to - :from)) AS stretch
              FROM s),
            ranked AS (
              SELECT *, row_number() OVER (PARTITION BY stretch ORDER BY size, collected_at) AS low,
                row_number() OVER (PARTITION BY stretch ORDER BY size DESC, collected_at DESC) AS high
              FROM placed)
            SELECT * FROM ranked WHERE total <= 2 * :stretches OR low = 1 OR high = 1 ORDER BY collected_at
            """
                .formatted(source),
            subject)
        .bind("from", from)
        .bind("to", to)
        .bind("stretches", STRETCHES)
        .map(row -> new Counted(sample(row), required(row, "total", Long.class)))
        .all()
        .collectList()
        .map(rows ->
            new Samples(
                rows.stream().map(Counted::point).toList(),
                rows.isEmpty() ? 0 : rows.getFirst().total()));
  }

  private record Counted(Sample point, long total) {}

  Mono<List<Period>> periods(
      Subject subject, Interval interval, LocalDate first, LocalDate last, LocalDate today) {
    String source =
        subject.database() == null
            ? "instance_size_changes WHERE instance_id = :instance"
            : "database_size_changes WHERE instance_id = :instance AND database_name = :database";
    return bind(
            """
            SELECT * FROM %s AND period = :period AND period_start >= :first AND period_start <= :last
            ORDER BY period_start
            """
                .formatted(source),
            subject)
        .bind("period", interval.code())
        .bind("first", first)
        .bind("last", last)
        .map(row -> period(row, interval, today, subject.database() == null))
        .all()
        .collectList();
  }

  /** What each of the last days closed with. */
  Mono<List<SizePoint>> forTrend(Subject subject, LocalDate today) {
    return periods(subject, Interval.DAILY, today.minusDays(DAYS_FOR_TREND), today, today)
        .map(days -> days.stream().map(day -> new SizePoint(day.at(), day.sizeBytes())).toList());
  }

  /** Empty where there is no such instance. */
  Mono<Level> level(Subject subject) {
    String sql =
        subject.database() == null
            ? """
            SELECT s.total_size_bytes AS latest, i.capacity_bytes AS capacity
            FROM instance i LEFT JOIN instance_state s ON s.instance_id = i.id WHERE i.id = :instance
            """
            : """
            SELECT l.size_bytes AS latest, NULL::bigint AS capacity
            FROM instance i LEFT JOIN database_latest_size l ON l.instance_id = i.id AND l.database_name = :database
            WHERE i.id = :instance
            """;
    return bind(sql, subject)
        .map(row -> new Level(row.get("latest", Long.class), row.get("capacity", Long.class)))
        .one();
  }

  /** Whether the database was ever found or measured. */
  Mono<Boolean> known(Subject subject) {
    if (subject.database() == null) {
      return Mono.just(true);
    }
    return bind(
            """
            SELECT EXISTS (SELECT FROM database_size_stats WHERE instance_id = :instance AND database_name = :database)
              OR EXISTS (SELECT FROM instance_databases WHERE instance_id = :instance AND name = :database)
            """,
            subject)
        .mapValue(Boolean.class)
        .one();
  }

  private GenericExecuteSpec bind(String sql, Subject subject) {
    GenericExecuteSpec spec = database.sql(sql).bind("instance", subject.instanceId());
    return subject.database() == null ? spec : spec.bind("database", subject.database());
  }

  private static Sample sample(Readable row) {
    return new Sample(
        required(row, "collected_at", Instant.class),
        required(row, "size", Long.class),
        required(row, "estimate", Boolean.class),
        row.get("data_bytes", Long.class),
        row.get("index_bytes", Long.class),
        row.get("free_bytes", Long.class),
        row.get("database_count", Integer.class),
        row.get("failed_count", Integer.class),
        row.get("carried_bytes", Long.class));
  }

  private static Period period(
      Readable row, Interval interval, LocalDate today, boolean ofInstance) {
    LocalDate start = required(row, "period_start", LocalDate.class);
    LocalDate end = interval.endOf(start);
    return new Period(
        required(row, "last_collected_at", Instant.class),
        required(row, "last_bytes", Long.class),
        start,
        end,
        !today.isBefore(end),
        required(row, "sample_count", Integer.class),
        required(row, "avg_bytes", Long.class),
        required(row, "min_bytes", Long.class),
        required(row, "max_bytes", Long.class),
        row.get("change_bytes", Long.class),
        row.get("change_percent", BigDecimal.class),
        ofInstance ? row.get("last_database_count", Integer.class) : null);
  }
}
