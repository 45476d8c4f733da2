package io.cadastre.gateway.audit;

import static io.cadastre.gateway.database.Columns.required;

import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.page.Cursor;
import io.cadastre.gateway.page.Limit;
import io.cadastre.gateway.page.Page;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reading the audit log, newest first. */
@RestController
final class AuditController {

  private static final String LIST = "audit-log";

  private final DatabaseClient database;
  private final JsonMapper json;

  AuditController(DatabaseClient database, JsonMapper json) {
    this.database = database;
    this.json = json;
  }

  record Entry(
      long id,
      Instant at,
      String actor,
      String action,
      String entityType,
      String entityId,
      @Nullable JsonNode before,
      @Nullable JsonNode after,
      @Nullable UUID operationId) {}

  /** An actor is a user, with what the user's tokens did, or one token, {@code user/token}. */
  @RequiresRole(Role.ADMIN)
  @GetMapping("/api/v1/audit-log")
  Mono<Page<Entry>> list(
      @RequestParam(name = "entity_type") @Nullable String entityType,
      @RequestParam(name = "entity_id") @Nullable String entityId,
      @RequestParam @Nullable String actor,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor) {
    int size = Limit.of(limit);
    long before =
        Cursor.decode(cursor, LIST, 1).map(place -> id(place, cursor)).orElse(Long.MAX_VALUE);
    return database
        .sql(
            """
            SELECT id, at, actor, action, entity_type, entity_id, before, after, operation_id
            FROM audit_log
            WHERE id < :before
              AND (:entityType IS NULL OR entity_type = :entityType)
              AND (:entityId IS NULL OR entity_id = :entityId)
              AND (:actor IS NULL OR actor = :actor OR starts_with(actor, :actor || '/'))
            ORDER BY id DESC
            LIMIT :limit
            """)
        .bind("before", before)
        .bind("entityType", text(entityType))
        .bind("entityId", text(entityId))
        .bind("actor", text(actor))
        .bind("limit", size + 1)
        .map(this::entry)
        .all()
        .collectList()
        .map(rows -> Page.of(rows, size, row -> Cursor.of(LIST, Long.toString(row.id()))));
  }

  private static Object text(@Nullable String value) {
    return Parameters.in(PostgresqlObjectId.TEXT, value);
  }

  private static long id(Cursor place, @Nullable String cursor) {
    try {
      return Long.parseLong(String.valueOf(place.values().getFirst()));
    } catch (NumberFormatException e) {
      throw Cursor.refuse(String.valueOf(cursor));
    }
  }

  private Entry entry(Readable row) {
    return new Entry(
        required(row, "id", Long.class),
        required(row, "at", Instant.class),
        required(row, "actor", String.class),
        required(row, "action", String.class),
        required(row, "entity_type", String.class),
        required(row, "entity_id", String.class),
        tree(row.get("before", Json.class)),
        tree(row.get("after", Json.class)),
        row.get("operation_id", UUID.class));
  }

  private @Nullable JsonNode tree(@Nullable Json value) {
    return value == null ? null : json.readTree(value.asArray());
  }
}
