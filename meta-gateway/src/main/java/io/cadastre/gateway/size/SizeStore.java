package io.cadastre.gateway.size;

import io.cadastre.contracts.events.DatabaseFailure;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.MessageJson;
import io.cadastre.contracts.events.SizeMethod;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.gateway.operation.OperationFailure;
import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.Connection;
import io.r2dbc.spi.Wrapped;
import java.time.LocalDate;
import java.util.List;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes samples. Every method joins the transaction around it. */
@Component
final class SizeStore {

  private final DatabaseClient database;

  SizeStore(DatabaseClient database) {
    this.database = database;
  }

  /** Makes the partitions of these days where they are missing. */
  Mono<Void> ensurePartitions(LocalDate first, LocalDate last) {
    return database
        .sql("SELECT ensure_size_partitions(:first, :last)")
        .bind("first", first)
        .bind("last", last)
        .fetch()
        .one()
        .then();
  }

  /** Appends a part's samples as fast as the database takes them. */
  Mono<Void> addSamples(SizesCollected part) {
    if (part.databases().isEmpty()) {
      return Mono.empty();
    }
    String method = codeOf(part.method());
    var rows = new CopyRows();
    for (DatabaseSize size : part.databases()) {
      rows.add(
          part.instanceId(),
          size.name(),
          part.collectedAt(),
          part.scan().scanId(),
          size.sizeBytes(),
          size.dataBytes(),
          size.indexBytes(),
          size.freeBytes(),
          part.estimate(),
          method);
    }
    return database.inConnection(connection ->
        postgresql(connection)
            .copyIn(
                "COPY database_size_stats (instance_id, database_name, collected_at, scan_id,"
                    + " size_bytes, data_bytes, index_bytes, free_bytes, estimate, method)"
                    + " FROM STDIN",
                Flux.fromIterable(rows.pieces()))
            .then());
  }

  /**
   * Notes why databases have no new size and tells what those of them that are still there had
   * before, in bytes.
   */
  Mono<Long> addFailures(SizesCollected part) {
    List<OperationFailure> reasons =
        part.failures().stream().map(DatabaseFailure::failure).map(OperationFailure::of).toList();
    if (reasons.isEmpty()) {
      return Mono.just(0L);
    }
    return database
        .sql(
            """
            WITH failed AS (
              INSERT INTO database_size_failure (instance_id, database_name, collected_at, failure_code,
                failure_message, measured_at, size_bytes, data_bytes, index_bytes, free_bytes, estimate)
              SELECT :instance, f.name, :at, f.code, f.message, before.collected_at, before.size_bytes,
                before.data_bytes, before.index_bytes, before.free_bytes, before.estimate
              FROM unnest(:names::text[], :codes::text[], :messages::text[]) AS f (name, code, message)
              LEFT JOIN LATERAL (
                SELECT * FROM database_size_stats s
                WHERE s.instance_id = :instance AND s.database_name = f.name AND s.collected_at < :at
                ORDER BY s.collected_at DESC LIMIT 1) before ON true
              RETURNING size_bytes, failure_code)
            SELECT coalesce(sum(size_bytes) FILTER (WHERE failure_code <> 'database_gone'), 0)::bigint FROM failed
            """)
        .bind("instance", part.instanceId())
        .bind("at", part.collectedAt())
        .bind("names", part.failures().stream().map(DatabaseFailure::name).toArray(String[]::new))
        .bind("codes", reasons.stream().map(OperationFailure::code).toArray(String[]::new))
        .bind(
            "messages",
            reasons.stream().map(r -> r.message().replace("\0", "")).toArray(String[]::new))
        .mapValue(Long.class)
        .one();
  }

  /** Adds the instance's own sample, once all of its databases are in. */
  Mono<Void> addInstanceSample(SizesCollected part, SizeResult result) {
    return database
        .sql(
            """
            INSERT INTO instance_size_stats (instance_id, collected_at, scan_id, total_size_bytes,
              carried_bytes, database_count, failed_count, estimate)
            VALUES (:instance, :at, :scan, :total, :carried, :count, :failed, :estimate)
            ON CONFLICT DO NOTHING
            """)
        .bind("instance", part.instanceId())
        .bind("at", part.collectedAt())
        .bind("scan", part.scan().scanId())
        .bind("total", result.totalSizeBytes())
        .bind("carried", result.carriedBytes())
        .bind("count", result.done())
        .bind("failed", result.failedCount())
        .bind("estimate", result.estimate())
        .then();
  }

  /**
   * Makes this the instance's last measurement: for the lists of databases, for the instance
   * itself, and for the pages that show it.
   */
  Mono<Void> setLatest(SizesCollected part, SizeResult result) {
    return database
        .sql(
            """
            WITH latest AS (
              INSERT INTO latest_size_scan (instance_id, scan_number, collected_at) VALUES (:instance, :number, :at)
              ON CONFLICT (instance_id) DO UPDATE
                SET scan_number = excluded.scan_number, collected_at = excluded.collected_at),
            forgotten AS (
              DELETE FROM database_size_failure WHERE instance_id = :instance AND collected_at <> :at),
            changed AS (
              UPDATE instance_state SET total_size_bytes = :total, last_size_sync_at = :at
              WHERE instance_id = :instance RETURNING instance_id)
            SELECT pg_notify('cadastre_live', json_build_object('entity', 'instance', 'id', instance_id::text,
              'instance_id', instance_id)::text)
            FROM changed
            """)
        .bind("instance", part.instanceId())
        .bind("number", part.scan().scanNumber())
        .bind("total", result.totalSizeBytes())
        .bind("at", part.collectedAt())
        .then();
  }

  /**
   * Asks for the day's aggregates to be computed anew. Locks the row where it is there already:
   * were it only looked at, its aggregates might be computed before this transaction's samples can
   * be seen, and the row be gone after.
   */
  Mono<Void> touch(long instanceId, LocalDate day) {
    return database
        .sql(
            """
            INSERT INTO size_touched_day (instance_id, day) VALUES (:instance, :day)
            ON CONFLICT (instance_id, day) DO UPDATE SET day = excluded.day
            """)
        .bind("instance", instanceId)
        .bind("day", day)
        .then();
  }

  private static PostgresqlConnection postgresql(Connection connection) {
    if (connection instanceof PostgresqlConnection postgresql) {
      return postgresql;
    }
    if (connection instanceof Wrapped<?> wrapper
        && wrapper.unwrap() instanceof Connection wrapped) {
      return postgresql(wrapped);
    }
    throw new IllegalStateException(
        "connection: " + connection + " (expected: one to PostgreSQL, or a wrapper of it)");
  }

  private static String codeOf(SizeMethod method) {
    return MessageJson.read(MessageJson.write(method), String.class);
  }
}
