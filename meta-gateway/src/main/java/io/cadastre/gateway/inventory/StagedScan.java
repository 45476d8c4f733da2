package io.cadastre.gateway.inventory;

import static java.util.Objects.requireNonNull;

import io.cadastre.contracts.events.DatabaseEntry;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** What a scan listed, put aside until it is complete and then applied in whole tables at once. */
@Component
final class StagedScan {

  /** Databases known before, and how many of them the scan does not list. */
  record Absence(long known, long vanished) {}

  private final DatabaseClient database;

  StagedScan(DatabaseClient database) {
    this.database = database;
  }

  /** Puts a part aside, away from those of other attempts. */
  Mono<Void> add(UUID scanId, Instant attemptedAt, List<DatabaseEntry> databases) {
    return database
        .sql(
            """
            INSERT INTO scan_database (scan_id, attempted_at, name, system, owner, encoding, character_set,
              collation_name, tablespace, template, allows_connections)
            SELECT :scan, :attempt, * FROM unnest(:names::text[], :systems::boolean[], :owners::text[],
              :encodings::text[], :charsets::text[], :collations::text[], :tablespaces::text[],
              :templates::boolean[], :connections::boolean[])
            ON CONFLICT DO NOTHING
            """)
        .bind("scan", scanId)
        .bind("attempt", attemptedAt)
        .bind("names", array(databases, DatabaseEntry::name, String[]::new))
        .bind("systems", array(databases, DatabaseEntry::system, Boolean[]::new))
        .bind("owners", array(databases, DatabaseEntry::owner, String[]::new))
        .bind("encodings", array(databases, DatabaseEntry::encoding, String[]::new))
        .bind("charsets", array(databases, DatabaseEntry::characterSet, String[]::new))
        .bind("collations", array(databases, DatabaseEntry::collation, String[]::new))
        .bind("tablespaces", array(databases, DatabaseEntry::tablespace, String[]::new))
        .bind("templates", array(databases, DatabaseEntry::template, Boolean[]::new))
        .bind("connections", array(databases, DatabaseEntry::allowsConnections, Boolean[]::new))
        .then();
  }

  private static <T> T[] array(
      List<DatabaseEntry> databases,
      Function<DatabaseEntry, @Nullable Object> column,
      IntFunction<T[]> type) {
    return databases.stream().map(column).toArray(type);
  }

  Mono<Long> count(UUID scanId, Instant attemptedAt) {
    return database
        .sql(
            """
            SELECT count(*) AS count FROM scan_database WHERE scan_id = :scan AND attempted_at = :attempt
            """)
        .bind("scan", scanId)
        .bind("attempt", attemptedAt)
        .map(row -> required(row, "count"))
        .one();
  }

  /** An attempt is whole: what there is of others is forgotten, and the scan is this one. */
  Mono<Void> choose(UUID scanId, Instant attemptedAt) {
    return database
        .sql("DELETE FROM scan_database WHERE scan_id = :scan AND attempted_at <> :attempt")
        .bind("scan", scanId)
        .bind("attempt", attemptedAt)
        .then();
  }

  Mono<Absence> absence(long instanceId, UUID scanId) {
    return database
        .sql(
            """
            SELECT count(*) AS known,
                   count(*) FILTER (WHERE NOT EXISTS (
                     SELECT FROM scan_database s WHERE s.scan_id = :scan AND s.name = d.name)) AS vanished
            FROM instance_databases d WHERE d.instance_id = :instance AND d.deleted_at IS NULL
            """)
        .bind("scan", scanId)
        .bind("instance", instanceId)
        .map(row -> new Absence(required(row, "known"), required(row, "vanished")))
        .one();
  }

  /**
   * Takes what is there into the register and, if so told, marks what is absent as deleted.
   *
   * @param seenAt when the server listed it
   */
  Mono<DiscoveryResult> apply(
      long instanceId,
      UUID scanId,
      Instant seenAt,
      boolean deleteAbsent,
      @Nullable String warning) {
    return takeIn(instanceId, scanId, seenAt, warning)
        .flatMap(result ->
            deleteAbsent
                ? markDeleted(instanceId, scanId, seenAt).map(n -> withDeleted(result, n))
                : Mono.just(result))
        .flatMap(result -> finish(instanceId, scanId, seenAt).thenReturn(result));
  }

  private Mono<DiscoveryResult> takeIn(
      long instanceId, UUID scanId, Instant seenAt, @Nullable String warning) {
    return database
        .sql(
            """
            WITH taken AS (
              INSERT INTO instance_databases AS d (instance_id, name, system, filtered, owner, encoding,
                character_set, collation_name, tablespace, template, allows_connections,
                first_seen_at, last_seen_at)
              SELECT :instance, s.name, s.system,
                     NOT admits_name(s.name, i.include_patterns, i.exclude_patterns),
                     s.owner, s.encoding, s.character_set, s.collation_name, s.tablespace, s.template,
                     s.allows_connections, :seen, :seen
              FROM scan_database s, instance i WHERE s.scan_id = :scan AND i.id = :instance
              ON CONFLICT (instance_id, name) DO UPDATE SET
                system = excluded.system, filtered = excluded.filtered, owner = excluded.owner,
                encoding = excluded.encoding, character_set = excluded.character_set,
                collation_name = excluded.collation_name, tablespace = excluded.tablespace,
                template = excluded.template, allows_connections = excluded.allows_connections,
                last_seen_at = excluded.last_seen_at,
                reactivated_at = CASE WHEN d.deleted_at IS NULL THEN d.reactivated_at
                                      ELSE excluded.last_seen_at END,
                deleted_at = NULL
              RETURNING old.id IS NULL AS added, old.deleted_at IS NOT NULL AS reactivated,
                        new.filtered AS filtered)
            SELECT count(*) AS found, count(*) FILTER (WHERE added) AS added,
                   count(*) FILTER (WHERE reactivated) AS reactivated,
                   count(*) FILTER (WHERE filtered) AS filtered
            FROM taken
            """)
        .bind("instance", instanceId)
        .bind("scan", scanId)
        .bind("seen", seenAt)
        .map(row ->
            new DiscoveryResult(
                required(row, "found"),
                required(row, "added"),
                0,
                required(row, "reactivated"),
                required(row, "filtered"),
                warning))
        .one();
  }

  private Mono<Long> markDeleted(long instanceId, UUID scanId, Instant seenAt) {
    return database
        .sql(
            """
            UPDATE instance_databases d SET deleted_at = :seen
            WHERE d.instance_id = :instance AND d.deleted_at IS NULL
              AND NOT EXISTS (
                SELECT FROM scan_database s WHERE s.scan_id = :scan AND s.name = d.name)
            """)
        .bind("instance", instanceId)
        .bind("scan", scanId)
        .bind("seen", seenAt)
        .fetch()
        .rowsUpdated();
  }

  private static DiscoveryResult withDeleted(DiscoveryResult result, long deleted) {
    return new DiscoveryResult(
        result.databasesFound(),
        result.databasesAdded(),
        deleted,
        result.databasesReactivated(),
        result.databasesFiltered(),
        result.warning());
  }

  private Mono<Void> finish(long instanceId, UUID scanId, Instant seenAt) {
    return database
        .sql(
            """
            INSERT INTO instance_state AS s (instance_id, last_database_sync_at, database_count)
            SELECT :instance, :seen, count(*) FROM instance_databases
            WHERE instance_id = :instance AND state = 'active'
            ON CONFLICT (instance_id) DO UPDATE SET
              last_database_sync_at = excluded.last_database_sync_at,
              database_count = excluded.database_count
            """)
        .bind("instance", instanceId)
        .bind("seen", seenAt)
        .then()
        .then(discard(scanId));
  }

  Mono<Void> discard(UUID scanId) {
    return database
        .sql("DELETE FROM scan_database WHERE scan_id = :scan")
        .bind("scan", scanId)
        .then();
  }

  private static long required(Readable row, String column) {
    return requireNonNull(row.get(column, Long.class), column);
  }
}
