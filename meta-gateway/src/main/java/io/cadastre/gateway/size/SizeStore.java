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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Writes samples. Every method joins the transaction around it. */
@Component
final class SizeStore {

  /** Newer than a scan that is already there, or that scan itself. */
  private static final String UNLESS_OLDER =
      " WHERE excluded.scan_number >= database_latest_size.scan_number";

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

  /** Makes the part's sizes the current ones. */
  Mono<Void> setLatest(SizesCollected part) {
    List<DatabaseSize> sizes = part.databases();
    if (sizes.isEmpty()) {
      return Mono.empty();
    }
    return database
        .sql(
            """
            INSERT INTO database_latest_size (instance_id, database_name, scan_number, measured_at,
              size_bytes, data_bytes, index_bytes, free_bytes, estimate)
            SELECT :instance, s.name, :number, :at, s.size, s.data, s.index, s.free, :estimate
            FROM unnest(:names::text[], :sizes::bigint[], :data::bigint[], :indexes::bigint[], :free::bigint[])
              AS s (name, size, data, index, free)
            ON CONFLICT (instance_id, database_name) DO UPDATE SET
              scan_number = excluded.scan_number, measured_at = excluded.measured_at,
              size_bytes = excluded.size_bytes, data_bytes = excluded.data_bytes,
              index_bytes = excluded.index_bytes, free_bytes = excluded.free_bytes,
              estimate = excluded.estimate, failed_at = NULL, failure_code = NULL, failure_message = NULL
            """
                + UNLESS_OLDER)
        .bind("instance", part.instanceId())
        .bind("number", part.scan().scanNumber())
        .bind("at", part.collectedAt())
        .bind("estimate", part.estimate())
        .bind("names", sizes.stream().map(DatabaseSize::name).toArray(String[]::new))
        .bind("sizes", column(sizes, DatabaseSize::sizeBytes))
        .bind("data", column(sizes, DatabaseSize::dataBytes))
        .bind("indexes", column(sizes, DatabaseSize::indexBytes))
        .bind("free", column(sizes, DatabaseSize::freeBytes))
        .then();
  }

  /**
   * Notes why databases have no new size and tells what those of them that are still there had
   * before, in bytes.
   */
  Mono<Long> setFailed(SizesCollected part) {
    List<OperationFailure> reasons =
        part.failures().stream().map(DatabaseFailure::failure).map(OperationFailure::of).toList();
    if (reasons.isEmpty()) {
      return Mono.just(0L);
    }
    return database
        .sql(
            """
            WITH failed AS (
              INSERT INTO database_latest_size (instance_id, database_name, scan_number,
                failed_at, failure_code, failure_message)
              SELECT :instance, f.name, :number, :at, f.code, f.message
              FROM unnest(:names::text[], :codes::text[], :messages::text[]) AS f (name, code, message)
              ON CONFLICT (instance_id, database_name) DO UPDATE SET
                scan_number = excluded.scan_number, failed_at = excluded.failed_at,
                failure_code = excluded.failure_code, failure_message = excluded.failure_message
            """
                + UNLESS_OLDER
                + """

                  RETURNING size_bytes, failure_code)
                SELECT coalesce(sum(size_bytes) FILTER (WHERE failure_code <> 'database_gone'), 0)::bigint FROM failed
                """)
        .bind("instance", part.instanceId())
        .bind("number", part.scan().scanNumber())
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

  /** Shows the new total on the instance, and tells the pages that show it. */
  Mono<Void> setInstanceTotal(SizesCollected part, SizeResult result) {
    return database
        .sql(
            """
            WITH changed AS (
              UPDATE instance_state SET total_size_bytes = :total, last_size_sync_at = :at
              WHERE instance_id = :instance RETURNING instance_id)
            SELECT pg_notify('cadastre_live', json_build_object('entity', 'instance', 'id', instance_id::text,
              'instance_id', instance_id)::text)
            FROM changed
            """)
        .bind("instance", part.instanceId())
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

  private static @Nullable Long[] column(
      List<DatabaseSize> sizes, Function<DatabaseSize, @Nullable Long> bytes) {
    @Nullable Long[] column = new @Nullable Long[sizes.size()];
    for (int i = 0; i < column.length; i++) {
      column[i] = bytes.apply(sizes.get(i));
    }
    return column;
  }

  private static String codeOf(SizeMethod method) {
    return MessageJson.read(MessageJson.write(method), String.class);
  }
}
