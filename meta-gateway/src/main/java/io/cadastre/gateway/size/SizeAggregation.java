package io.cadastre.gateway.size;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Computes the aggregates of days with new samples anew, and those of their weeks and months from
 * the days. A day's samples are read again as a whole, so a late one or a second computation does
 * no harm.
 */
@Component
final class SizeAggregation {

  private static final int INSTANCES_AT_ONCE = 200;

  private final DatabaseClient database;
  private final TransactionalOperator transaction;
  private final SizeStore store;
  private final SizeProperties properties;

  SizeAggregation(
      DatabaseClient database,
      TransactionalOperator transaction,
      SizeStore store,
      SizeProperties properties) {
    this.database = database;
    this.transaction = transaction;
    this.store = store;
    this.properties = properties;
  }

  /** Brings all instances up to date. */
  Mono<Void> refresh() {
    return touchedAfter(0)
        .expand(ids -> ids.isEmpty() ? Mono.empty() : touchedAfter(ids.getLast()))
        .concatMapIterable(ids -> ids)
        .concatMap(this::refresh)
        .then();
  }

  private Mono<List<Long>> touchedAfter(long instanceId) {
    return database
        .sql(
            """
            SELECT DISTINCT instance_id FROM size_touched_day WHERE instance_id > :after
            ORDER BY instance_id LIMIT :limit
            """)
        .bind("after", instanceId)
        .bind("limit", INSTANCES_AT_ONCE)
        .mapValue(Long.class)
        .all()
        .collectList();
  }

  /** Brings one instance up to date; at once where nothing is new. */
  Mono<Void> refresh(long instanceId) {
    return database
        .sql("SELECT EXISTS (SELECT FROM size_touched_day WHERE instance_id = :instance)")
        .bind("instance", instanceId)
        .mapValue(Boolean.class)
        .one()
        .flatMap(
            touched -> touched ? transaction.transactional(recompute(instanceId)) : Mono.empty());
  }

  private Mono<Void> recompute(long instanceId) {
    return lock(instanceId)
        .then(takeTouchedDays(instanceId))
        .flatMap(days -> days.isEmpty() ? Mono.empty() : recompute(instanceId, days));
  }

  /** Two days of one week are not computed side by side: one would miss the other's new figures. */
  private Mono<Void> lock(long instanceId) {
    return database
        .sql(
            "SELECT pg_advisory_xact_lock(hashtextextended('cadastre.size_aggregation', :instance))")
        .bind("instance", instanceId)
        .then();
  }

  /** A day that a collection is just adding to stays for the next time. */
  private Mono<List<LocalDate>> takeTouchedDays(long instanceId) {
    return database
        .sql(
            """
            DELETE FROM size_touched_day t USING (
              SELECT instance_id, day FROM size_touched_day WHERE instance_id = :instance
              FOR UPDATE SKIP LOCKED) taken
            WHERE t.instance_id = taken.instance_id AND t.day = taken.day
            RETURNING t.day
            """)
        .bind("instance", instanceId)
        .mapValue(LocalDate.class)
        .all()
        .collectList();
  }

  private Mono<Void> recompute(long instanceId, List<LocalDate> days) {
    Collection<LocalDate> weeks = starts(days, Interval.WEEKLY);
    Collection<LocalDate> months = starts(days, Interval.MONTHLY);
    return Flux.fromIterable(days)
        .concatMap(day ->
            store
                .ensurePartitions(Interval.MONTHLY.startOf(Interval.WEEKLY.startOf(day)), day)
                .then(daily(DATABASES_OF_DAY, instanceId, day))
                .then(daily(INSTANCE_OF_DAY, instanceId, day)))
        .thenMany(longer(instanceId, weeks, Interval.WEEKLY))
        .thenMany(longer(instanceId, months, Interval.MONTHLY))
        .then();
  }

  private static Collection<LocalDate> starts(List<LocalDate> days, Interval interval) {
    return days.stream().map(interval::startOf).collect(Collectors.toCollection(TreeSet::new));
  }

  private Mono<Void> daily(String sql, long instanceId, LocalDate day) {
    Function<LocalDate, Instant> begin = d -> d.atStartOfDay(properties.timeZone()).toInstant();
    return database
        .sql(sql)
        .bind("instance", instanceId)
        .bind("day", day)
        .bind("from", begin.apply(day))
        .bind("to", begin.apply(day.plusDays(1)))
        .then();
  }

  private Flux<Void> longer(long instanceId, Collection<LocalDate> starts, Interval interval) {
    return Flux.fromIterable(starts)
        .concatMap(start ->
            longer(DATABASES_OF_PERIOD, instanceId, start, interval)
                .then(longer(INSTANCE_OF_PERIOD, instanceId, start, interval)));
  }

  private Mono<Void> longer(String sql, long instanceId, LocalDate start, Interval interval) {
    return database
        .sql(sql)
        .bind("instance", instanceId)
        .bind("period", interval.code())
        .bind("start", start)
        .bind("end", interval.endOf(start))
        .then();
  }

  private static final String DATABASES_OF_DAY =
      """
      INSERT INTO database_size_aggregates AS a (instance_id, database_name, period, period_start, sample_count,
        sum_bytes, min_bytes, max_bytes, last_bytes, last_collected_at)
      SELECT instance_id, database_name, 'daily', :day, count(*), sum(size_bytes), min(size_bytes), max(size_bytes),
        (array_agg(size_bytes ORDER BY collected_at DESC))[1], max(collected_at)
      FROM database_size_stats
      WHERE instance_id = :instance AND collected_at >= :from AND collected_at < :to
      GROUP BY instance_id, database_name
      ON CONFLICT (instance_id, database_name, period, period_start) DO UPDATE SET
        sample_count = excluded.sample_count, sum_bytes = excluded.sum_bytes, min_bytes = excluded.min_bytes,
        max_bytes = excluded.max_bytes, last_bytes = excluded.last_bytes, last_collected_at = excluded.last_collected_at
      """;

  private static final String INSTANCE_OF_DAY =
      """
      INSERT INTO instance_size_aggregates AS a (instance_id, period, period_start, sample_count,
        sum_bytes, min_bytes, max_bytes, last_bytes, last_database_count, last_collected_at)
      SELECT instance_id, 'daily', :day, count(*), sum(total_size_bytes), min(total_size_bytes), max(total_size_bytes),
        (array_agg(total_size_bytes ORDER BY collected_at DESC))[1],
        (array_agg(database_count ORDER BY collected_at DESC))[1], max(collected_at)
      FROM instance_size_stats
      WHERE instance_id = :instance AND collected_at >= :from AND collected_at < :to
      GROUP BY instance_id
      ON CONFLICT (instance_id, period, period_start) DO UPDATE SET
        sample_count = excluded.sample_count, sum_bytes = excluded.sum_bytes, min_bytes = excluded.min_bytes,
        max_bytes = excluded.max_bytes, last_bytes = excluded.last_bytes,
        last_database_count = excluded.last_database_count, last_collected_at = excluded.last_collected_at
      """;

  private static final String DATABASES_OF_PERIOD =
      """
      INSERT INTO database_size_aggregates AS a (instance_id, database_name, period, period_start, sample_count,
        sum_bytes, min_bytes, max_bytes, last_bytes, last_collected_at)
      SELECT instance_id, database_name, :period, :start, sum(sample_count), sum(sum_bytes), min(min_bytes),
        max(max_bytes), (array_agg(last_bytes ORDER BY period_start DESC))[1], max(last_collected_at)
      FROM database_size_aggregates
      WHERE instance_id = :instance AND period = 'daily' AND period_start >= :start AND period_start < :end
      GROUP BY instance_id, database_name
      ON CONFLICT (instance_id, database_name, period, period_start) DO UPDATE SET
        sample_count = excluded.sample_count, sum_bytes = excluded.sum_bytes, min_bytes = excluded.min_bytes,
        max_bytes = excluded.max_bytes, last_bytes = excluded.last_bytes, last_collected_at = excluded.last_collected_at
      """;

  private static final String INSTANCE_OF_PERIOD =
      """
      INSERT INTO instance_size_aggregates AS a (instance_id, period, period_start, sample_count,
        sum_bytes, min_bytes, max_bytes, last_bytes, last_database_count, last_collected_at)
      SELECT instance_id, :period, :start, sum(sample_count), sum(sum_bytes), min(min_bytes), max(max_bytes),
        (array_agg(last_bytes ORDER BY period_start DESC))[1],
        (array_agg(last_database_count ORDER BY period_start DESC))[1], max(last_collected_at)
      FROM instance_size_aggregates
      WHERE instance_id = :instance AND period = 'daily' AND period_start >= :start AND period_start < :end
      GROUP BY instance_id
      ON CONFLICT (instance_id, period, period_start) DO UPDATE SET
        sample_count = excluded.sample_count, sum_bytes = excluded.sum_bytes, min_bytes = excluded.min_bytes,
        max_bytes = excluded.max_bytes, last_bytes = excluded.last_bytes,
        last_database_count = excluded.last_database_count, last_collected_at = excluded.last_collected_at
      """;
}
