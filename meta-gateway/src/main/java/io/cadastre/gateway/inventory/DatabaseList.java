package io.cadastre.gateway.inventory;

import static java.util.Objects.requireNonNull;

import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Reads the databases of an instance with what they measured last. */
@Component
final class DatabaseList {

  /**
   * Which databases are wanted.
   *
   * @param state null = all
   * @param search part of the name, case does not matter; null = any
   * @param afterName the page before ended with it; null = from the start
   */
  record Filter(
      @Nullable String state,
      @Nullable String search,
      @Nullable Boolean system,
      @Nullable String afterName) {}

  private final DatabaseClient database;

  DatabaseList(DatabaseClient database) {
    this.database = database;
  }

  Mono<Boolean> hasInstance(long instanceId) {
    return database
        .sql("SELECT true AS found FROM instance WHERE id = :id")
        .bind("id", instanceId)
        .map(row -> requireNonNull(row.get("found", Boolean.class)))
        .one();
  }

  Flux<RegisteredDatabase> find(long instanceId, Filter filter, int limit) {
    return database
        .sql(
            """
            SELECT d.*, z.size_bytes, z.data_bytes, z.index_bytes, z.free_bytes, z.estimate,
                   z.measured_at, z.failure_code, z.failure_message
            FROM instance_databases d
            LEFT JOIN database_latest_size z ON z.instance_id = d.instance_id AND z.database_name = d.name
            WHERE d.instance_id = :instance
              AND (:state::text IS NULL OR d.state = :state)
              AND (:system::boolean IS NULL OR d.system = :system)
              AND (:search::text IS NULL OR strpos(lower(d.name), lower(:search)) > 0)
              AND (:after::text IS NULL OR d.name > :after)
            ORDER BY d.name LIMIT :limit
            """)
        .bind("instance", instanceId)
        .bind("state", Parameters.in(PostgresqlObjectId.TEXT, filter.state()))
        .bind("system", Parameters.in(PostgresqlObjectId.BOOL, filter.system()))
        .bind("search", Parameters.in(PostgresqlObjectId.TEXT, filter.search()))
        .bind("after", Parameters.in(PostgresqlObjectId.TEXT, filter.afterName()))
        .bind("limit", limit)
        .map(DatabaseList::registered)
        .all();
  }

  private static RegisteredDatabase registered(Readable row) {
    String failure = row.get("failure_code", String.class);
    String message = row.get("failure_message", String.class);
    return new RegisteredDatabase(
        required(row, "name", String.class),
        required(row, "system", Boolean.class),
        required(row, "state", String.class),
        row.get("owner", String.class),
        row.get("encoding", String.class),
        row.get("character_set", String.class),
        row.get("collation_name", String.class),
        row.get("tablespace", String.class),
        row.get("template", Boolean.class),
        row.get("allows_connections", Boolean.class),
        required(row, "first_seen_at", Instant.class),
        required(row, "last_seen_at", Instant.class),
        row.get("deleted_at", Instant.class),
        row.get("reactivated_at", Instant.class),
        row.get("size_bytes", Long.class),
        row.get("data_bytes", Long.class),
        row.get("index_bytes", Long.class),
        row.get("free_bytes", Long.class),
        row.get("estimate", Boolean.class),
        row.get("measured_at", Instant.class),
        failure == null
            ? null
            : new RegisteredDatabase.SizeFailure(failure, message == null ? "" : message));
  }

  private static <T> T required(Readable row, String column, Class<T> type) {
    return requireNonNull(row.get(column, type), column);
  }
}
