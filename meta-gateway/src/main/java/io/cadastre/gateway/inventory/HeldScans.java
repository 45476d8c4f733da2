package io.cadastre.gateway.inventory;

import static java.util.Objects.requireNonNull;

import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.gateway.operation.OperationFailure;
import io.cadastre.gateway.operation.Operations;
import io.cadastre.gateway.operation.ScanReport;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Scans that wait for an operator, since they would mark too much as deleted. */
@Component
final class HeldScans {

  private static final int NAMES_SHOWN = 200;

  /** What the operation shows while its scan is held. */
  record HeldResult(long databasesFound, long databasesToDelete, String heldReason) {}

  /**
   * A held scan as the API shows it.
   *
   * @param databasesToDelete how many would be marked deleted
   * @param names of them, the first few
   */
  record HeldScan(
      UUID scanId,
      long instanceId,
      UUID operationId,
      long scanNumber,
      Instant heldAt,
      Instant seenAt,
      String reason,
      long databasesToDelete,
      List<String> names) {}

  private final DatabaseClient database;
  private final Operations operations;
  private final InstantSource clock;

  HeldScans(DatabaseClient database, Operations operations, InstantSource clock) {
    this.database = database;
    this.operations = operations;
    this.clock = clock;
  }

  Mono<HeldResult> hold(DatabasesDiscovered found, String reason, long vanished) {
    return database
        .sql(
            """
            INSERT INTO held_scan (scan_id, instance_id, held_at, seen_at, reason)
            VALUES (:scan, :instance, :now, :seen, :reason)
            """)
        .bind("scan", found.scan().scanId())
        .bind("instance", found.instanceId())
        .bind("now", clock.instant())
        .bind("seen", found.finishedAt())
        .bind("reason", reason)
        .then()
        .thenReturn(new HeldResult(found.databasesTotal(), vanished, reason));
  }

  /** Closes what an older scan of the instance left to decide: the newer one decides anew. */
  Mono<Void> supersede(long instanceId, long byScanNumber) {
    return select("h.decision IS NULL AND h.instance_id = :instance", "")
        .bind("instance", instanceId)
        .map(HeldScans::held)
        .all()
        // The connection is this transaction's: nothing may be asked of it before all is read.
        .collectList()
        .flatMapIterable(Function.identity())
        .concatMap(held ->
            decide(held, "superseded", null)
                .then(
                    operations.report(
                        held.operationId(),
                        held.scanId(),
                        ScanReport.failed(
                            0, 0, null, OperationFailure.supersededBy(byScanNumber)))))
        .then();
  }

  Mono<Void> decide(HeldScan held, String decision, @Nullable String by) {
    return database
        .sql(
            """
            UPDATE held_scan SET decision = :decision, decided_at = :now, decided_by = :by
            WHERE scan_id = :scan AND decision IS NULL
            """)
        .bind("decision", decision)
        .bind("now", clock.instant())
        .bind("by", Parameters.in(PostgresqlObjectId.TEXT, by))
        .bind("scan", held.scanId())
        .then();
  }

  /** Where a page of them ended. */
  record Place(Instant heldAt, UUID scanId) {}

  /**
   * Those that wait, newest first.
   *
   * @param instanceId of this instance; null = of all
   * @param after the page before ended with it; null = from the start
   */
  Flux<HeldScan> undecided(@Nullable Long instanceId, @Nullable Place after, int limit) {
    return select(
            """
            h.decision IS NULL AND (:instance::bigint IS NULL OR h.instance_id = :instance)
              AND (:held_at::timestamptz IS NULL OR (h.held_at, h.scan_id) < (:held_at, :scan_id))
            """,
            "LIMIT :limit")
        .bind("instance", Parameters.in(PostgresqlObjectId.INT8, instanceId))
        .bind(
            "held_at",
            Parameters.in(PostgresqlObjectId.TIMESTAMPTZ, after == null ? null : after.heldAt()))
        .bind(
            "scan_id",
            Parameters.in(PostgresqlObjectId.UUID, after == null ? null : after.scanId()))
        .bind("limit", limit)
        .map(HeldScans::held)
        .all();
  }

  Mono<HeldScan> find(UUID scanId) {
    return select("h.decision IS NULL AND h.scan_id = :id", "")
        .bind("id", scanId)
        .map(HeldScans::held)
        .one();
  }

  private DatabaseClient.GenericExecuteSpec select(String condition, String limit) {
    return database.sql(
        """
        SELECT h.scan_id, h.instance_id, s.operation_id, s.number, h.held_at, h.seen_at, h.reason,
               v.count, v.names
        FROM held_scan h JOIN scan s ON s.id = h.scan_id,
        LATERAL (
          SELECT count(*) AS count, coalesce(array_agg(d.name ORDER BY d.name), '{}') AS names
          FROM instance_databases d
          WHERE d.instance_id = h.instance_id AND d.deleted_at IS NULL AND NOT EXISTS (
            SELECT FROM scan_database x WHERE x.scan_id = h.scan_id AND x.name = d.name)) v
        WHERE %s
        ORDER BY h.held_at DESC, h.scan_id DESC
        %s
        """
            .formatted(condition, limit));
  }

  private static HeldScan held(Readable row) {
    return new HeldScan(
        required(row, "scan_id", UUID.class),
        required(row, "instance_id", Long.class),
        required(row, "operation_id", UUID.class),
        required(row, "number", Long.class),
        required(row, "held_at", Instant.class),
        required(row, "seen_at", Instant.class),
        required(row, "reason", String.class),
        required(row, "count", Long.class),
        Stream.of(required(row, "names", String[].class)).limit(NAMES_SHOWN).toList());
  }

  private static <T> T required(Readable row, String column, Class<T> type) {
    return requireNonNull(row.get(column, type), column);
  }
}
