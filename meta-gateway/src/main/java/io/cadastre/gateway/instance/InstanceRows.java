package io.cadastre.gateway.instance;

import static io.cadastre.gateway.database.Columns.required;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.SealedSecret;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.gateway.page.Cursor;
import io.cadastre.gateway.page.Page;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.R2dbcException;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.r2dbc.core.DatabaseClient.GenericExecuteSpec;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code instance}, read together with {@code instance_state}. */
@Component
final class InstanceRows {

  private static final String SELECT =
      """
      SELECT i.*, i.password_sealed IS NOT NULL AS has_password,
             s.server_product, s.server_version, s.health_status, s.health_since,
             s.health_failure_code, s.health_failure_message, s.last_database_sync_at,
             s.last_size_sync_at, s.database_count, s.total_size_bytes
      FROM instance i LEFT JOIN instance_state s ON s.instance_id = i.id
      """;

  private final DatabaseClient database;
  private final JsonMapper json;

  InstanceRows(DatabaseClient database, JsonMapper json) {
    this.database = database;
    this.json = json;
  }

  /** Taken before the row is written, since the password is sealed for it. */
  Mono<Long> nextId() {
    return database
        .sql("SELECT nextval('instance_id_seq') AS id")
        .map(row -> required(row, "id", Long.class))
        .one();
  }

  Mono<Void> insert(
      long id, Registration registration, Optional<SealedSecret> password, Instant now) {
    return bind(
            database.sql(
                """
                WITH added AS (
                  INSERT INTO instance (id, name, engine, host, port, username, password_sealed, tls_mode,
                    tls_ca_certificate, tags, include_patterns, exclude_patterns, capacity_bytes, created_at,
                    updated_at)
                  VALUES (:id, :name, :engine, :host, :port, :username, :password, :tlsMode,
                    :caCertificate, :tags, :include, :exclude, :capacity, :now, :now)
                  RETURNING id)
                INSERT INTO instance_state (instance_id) SELECT id FROM added
                """),
            id,
            registration,
            now)
        .bind("password", sealed(password))
        .then();
  }

  /**
   * Writes a new version.
   *
   * @param password absent to leave it as it is
   */
  Mono<Void> update(
      long id, Registration registration, @Nullable PasswordChange password, Instant now) {
    return bind(
            database.sql(
                """
                UPDATE instance SET name = :name, engine = :engine, host = :host, port = :port,
                  username = :username, tls_mode = :tlsMode, tls_ca_certificate = :caCertificate, tags = :tags,
                  include_patterns = :include, exclude_patterns = :exclude, capacity_bytes = :capacity,
                  password_sealed = CASE WHEN :passwordStays THEN password_sealed ELSE :password END,
                  version = version + 1, updated_at = :now
                WHERE id = :id
                """),
            id,
            registration,
            now)
        .bind("passwordStays", password == null)
        .bind("password", sealed(password == null ? Optional.empty() : password.sealed()))
        .then();
  }

  /** A password set anew, or taken away. */
  record PasswordChange(Optional<SealedSecret> sealed) {}

  private GenericExecuteSpec bind(
      GenericExecuteSpec statement, long id, Registration registration, Instant now) {
    return statement
        .bind("id", id)
        .bind("name", registration.name())
        .bind("engine", json.convertValue(registration.engine(), String.class))
        .bind("host", registration.host())
        .bind("port", registration.port())
        .bind("username", registration.username())
        .bind("tlsMode", json.convertValue(registration.tlsMode(), String.class))
        .bind("caCertificate", Parameters.in(PostgresqlObjectId.TEXT, registration.caCertificate()))
        .bind("tags", Json.of(json.writeValueAsBytes(registration.tags())))
        .bind("include", registration.patterns().include().toArray(String[]::new))
        .bind("exclude", registration.patterns().exclude().toArray(String[]::new))
        .bind("capacity", Parameters.in(PostgresqlObjectId.INT8, registration.capacityBytes()))
        .bind("now", now);
  }

  private static Object sealed(Optional<SealedSecret> password) {
    return Parameters.in(
        PostgresqlObjectId.TEXT, password.map(SealedSecret::ciphertext).orElse(null));
  }

  Mono<Void> setDeleted(long id, boolean deleted, Instant now) {
    return database
        .sql(
            """
            UPDATE instance SET deleted_at = CASE WHEN :deleted THEN :now END,
              version = version + 1, updated_at = :now
            WHERE id = :id
            """)
        .bind("deleted", deleted)
        .bind("now", now)
        .bind("id", id)
        .then();
  }

  /** Also one that is deleted. */
  Mono<InstanceView> find(long id) {
    return database.sql(SELECT + "WHERE i.id = :id").bind("id", id).map(this::view).one();
  }

  /** Locks it until the transaction ends. */
  Mono<InstanceView> forChange(long id) {
    return database
        .sql(SELECT + "WHERE i.id = :id FOR UPDATE OF i")
        .bind("id", id)
        .map(this::view)
        .one();
  }

  /** What a worker needs to know, and whether it is deleted. */
  Mono<RegisteredInstance> registered(long id) {
    return database.sql(SELECT + "WHERE i.id = :id").bind("id", id).map(this::registered).one();
  }

  Mono<Page<InstanceView>> list(InstanceList asked, int limit, @Nullable String cursor) {
    InstanceList.Column column = asked.sort().column();
    String order = "instances/" + asked.sort().word();
    Optional<Cursor> place = Cursor.decode(cursor, order, 2);
    List<String> where = new ArrayList<>();
    where.add(asked.deleted() ? "i.deleted_at IS NOT NULL" : "i.deleted_at IS NULL");
    where.add(
        "(:search IS NULL OR position(lower(:search) in lower(i.name || ' ' || i.host)) > 0)");
    where.add("(:engine IS NULL OR i.engine = :engine)");
    where.add("i.tags @> :tags");
    where.add("jsonb_exists_all(i.tags, :keys)");
    if (place.isPresent()) {
      where.add(
          "(%s, i.id) %s (:placeValue::%s, :placeId::bigint)"
              .formatted(column.expression, asked.sort().descending() ? "<" : ">", column.type));
    }
    String direction = asked.sort().descending() ? "DESC" : "ASC";
    String sql =
        SELECT.replaceFirst("SELECT", "SELECT (%s)::text AS place,".formatted(column.expression))
            + "WHERE "
            + String.join(" AND ", where)
            + " ORDER BY %s %s, i.id %s LIMIT :limit"
                .formatted(column.expression, direction, direction);
    GenericExecuteSpec statement = bind(database.sql(sql), asked).bind("limit", limit + 1);
    if (place.isPresent()) {
      statement =
          statement
              .bind("placeValue", String.valueOf(place.get().values().get(0)))
              .bind("placeId", String.valueOf(place.get().values().get(1)));
    }
    return statement
        .map(row -> new Placed(view(row), required(row, "place", String.class)))
        .all()
        .collectList()
        .map(rows -> Page.of(rows, limit, row -> row.cursor(order)))
        .map(
            page -> new Page<>(page.items().stream().map(Placed::view).toList(), page.nextCursor()))
        .onErrorMap(
            failure -> place.isPresent() && isUnreadableValue(failure),
            _ -> Cursor.refuse(String.valueOf(cursor)));
  }

  private record Placed(InstanceView view, String place) {

    Cursor cursor(String order) {
      return Cursor.of(order, place, Long.toString(view.id()));
    }
  }

  private GenericExecuteSpec bind(GenericExecuteSpec statement, InstanceList asked) {
    Map<String, String> tags = new TreeMap<>();
    List<String> keys = new ArrayList<>();
    for (String tag : asked.tags()) {
      int colon = tag.indexOf(':');
      if (colon < 0) {
        keys.add(tag);
      } else {
        tags.put(tag.substring(0, colon), tag.substring(colon + 1));
      }
    }
    Engine engine = asked.engine();
    return statement
        .bind("search", Parameters.in(PostgresqlObjectId.TEXT, asked.search()))
        .bind(
            "engine",
            Parameters.in(
                PostgresqlObjectId.TEXT,
                engine == null ? null : json.convertValue(engine, String.class)))
        .bind("tags", Json.of(json.writeValueAsBytes(tags)))
        .bind("keys", keys.toArray(String[]::new));
  }

  /** SQLSTATE class 22: a value in the cursor is not of its column's type. */
  private static boolean isUnreadableValue(Throwable failure) {
    return failure.getCause() instanceof R2dbcException driver
        && String.valueOf(driver.getSqlState()).startsWith("22");
  }

  private InstanceView view(Readable row) {
    String product = row.get("server_product", String.class);
    String code = row.get("health_failure_code", String.class);
    String status = row.get("health_status", String.class);
    return new InstanceView(
        required(row, "id", Long.class),
        required(row, "name", String.class),
        engine(row),
        required(row, "host", String.class),
        required(row, "port", Integer.class),
        required(row, "username", String.class),
        required(row, "has_password", Boolean.class),
        new InstanceView.Tls(tlsMode(row), row.get("tls_ca_certificate", String.class)),
        tags(row),
        patterns(row),
        row.get("capacity_bytes", Long.class),
        required(row, "version", Long.class),
        required(row, "created_at", Instant.class),
        required(row, "updated_at", Instant.class),
        row.get("deleted_at", Instant.class),
        product == null
            ? null
            : new ServerInfo(product, String.valueOf(row.get("server_version", String.class))),
        new InstanceView.Health(
            status == null ? "unknown" : status,
            row.get("health_since", Instant.class),
            code == null
                ? null
                : new InstanceView.HealthFailure(
                    code, String.valueOf(row.get("health_failure_message", String.class)))),
        row.get("last_database_sync_at", Instant.class),
        row.get("last_size_sync_at", Instant.class),
        row.get("database_count", Integer.class),
        row.get("total_size_bytes", Long.class));
  }

  private RegisteredInstance registered(Readable row) {
    InstanceView view = view(row);
    String sealed = row.get("password_sealed", String.class);
    return RegisteredInstance.of(view, sealed == null ? null : new SealedSecret(sealed));
  }

  private Engine engine(Readable row) {
    return json.convertValue(required(row, "engine", String.class), Engine.class);
  }

  private TlsMode tlsMode(Readable row) {
    return json.convertValue(required(row, "tls_mode", String.class), TlsMode.class);
  }

  private SortedMap<String, String> tags(Readable row) {
    return json.readValue(required(row, "tags", Json.class).asArray(), new TypeReference<>() {});
  }

  private static NamePatterns patterns(Readable row) {
    return new NamePatterns(
        List.of(required(row, "include_patterns", String[].class)),
        List.of(required(row, "exclude_patterns", String[].class)));
  }
}
