package io.cadastre.gateway.inventory;

import static java.util.Objects.requireNonNull;

import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
   * @param after the page before ended with it; null = from the start
   */
  record Filter(
      @Nullable String state,
      @Nullable String search,
      @Nullable Boolean system,
      Sort sort,
      @Nullable Place after) {}

  /** Where a page ended: the size there if the order goes by it, else 0, and the name. */
  record Place(long size, String name) {}

  /** In what order; what was not measured counts as the smallest. */
  enum Sort {
    NAME("name", "0::bigint", "ASC", "ASC"),
    NAME_DESCENDING("-name", "0::bigint", "ASC", "DESC"),
    SIZE("size_bytes", MEASURED, "ASC", "ASC"),
    SIZE_DESCENDING("-size_bytes", MEASURED, "DESC", "ASC");

    private final String word;
    private final String first;
    private final String firstDirection;
    private final String nameDirection;

    Sort(String word, String first, String firstDirection, String nameDirection) {
      this.word = word;
      this.first = first;
      this.firstDirection = firstDirection;
      this.nameDirection = nameDirection;
    }

    /** As a request says it. */
    String word() {
      return word;
    }

    static Optional<Sort> named(String word) {
      return Stream.of(values()).filter(sort -> sort.word.equals(word)).findFirst();
    }

    static String names() {
      return Stream.of(values()).map(Sort::word).collect(Collectors.joining(", "));
    }

    Place placeOf(RegisteredDatabase database) {
      Long size = database.sizeBytes();
      long measured = size == null ? UNMEASURED : size;
      return new Place(first.equals(MEASURED) ? measured : 0, database.name());
    }

    private String order() {
      return "%s %s, d.name %s".formatted(first, firstDirection, nameDirection);
    }

    private String afterPlace() {
      return "(%1$s %2$s :after_size OR %1$s = :after_size AND d.name %3$s :after)"
          .formatted(first, beyond(firstDirection), beyond(nameDirection));
    }

    private static String beyond(String direction) {
      return direction.equals("ASC") ? ">" : "<";
    }
  }

  private static final long UNMEASURED = -1;
  private static final String MEASURED = "coalesce(z.size_bytes, -1)";

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
    Place after = filter.after();
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
              AND (:after::text IS NULL OR %s)
            ORDER BY %s LIMIT :limit
            """
                .formatted(filter.sort().afterPlace(), filter.sort().order()))
        .bind("instance", instanceId)
        .bind("state", Parameters.in(PostgresqlObjectId.TEXT, filter.state()))
        .bind("system", Parameters.in(PostgresqlObjectId.BOOL, filter.system()))
        .bind("search", Parameters.in(PostgresqlObjectId.TEXT, filter.search()))
        .bind("after", Parameters.in(PostgresqlObjectId.TEXT, after == null ? null : after.name()))
        .bind("after_size", after == null ? UNMEASURED : after.size())
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
