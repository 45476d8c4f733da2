package io.cadastre.gateway.outbox;

import io.cadastre.contracts.events.MessageJson;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table {@code outbox}. */
@Component
final class OutboxRows {

  /** How full the outbox is. */
  record Backlog(long unsent, Duration oldest, long refused) {}

  private final DatabaseClient database;

  OutboxRows(DatabaseClient database) {
    this.database = database;
  }

  Mono<Void> insert(
      ProducerRecord<byte[], byte[]> message, @Nullable UUID operationId, Instant now) {
    return database
        .sql(
            """
            WITH added AS (
              INSERT INTO outbox (topic, message_key, headers, value, operation_id, created_at)
              VALUES (:topic, :key, :headers, :value, :operation, :now)
              RETURNING id)
            SELECT pg_notify('cadastre_outbox', '') FROM added
            """)
        .bind("topic", message.topic())
        .bind("key", text(message.key()))
        .bind("headers", Json.of(MessageJson.write(headersOf(message))))
        .bind("value", message.value())
        .bind("operation", Parameters.in(PostgresqlObjectId.UUID, operationId))
        .bind("now", now)
        .then();
  }

  private static Map<String, String> headersOf(ProducerRecord<byte[], byte[]> message) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (Header header : message.headers()) {
      headers.put(header.key(), text(header.value()));
    }
    return headers;
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /**
   * Locks the oldest unsent records that nobody else has locked, one of each key, until the
   * transaction ends.
   *
   * @param except ids that are being sent already
   */
  Flux<StoredRecord> claim(int limit, Collection<Long> except) {
    return database
        .sql(
            """
            SELECT o.id, o.topic, o.message_key, o.headers, o.value
            FROM outbox o
            WHERE o.refused_at IS NULL
              AND o.id <> ALL (:except)
              AND NOT EXISTS (
                SELECT FROM outbox older
                WHERE older.refused_at IS NULL AND older.topic = o.topic
                  AND older.message_key = o.message_key AND older.id < o.id)
            ORDER BY o.id
            LIMIT :limit
            FOR UPDATE SKIP LOCKED
            """)
        .bind("except", except.toArray(Long[]::new))
        .bind("limit", limit)
        .map(OutboxRows::stored)
        .all();
  }

  private static StoredRecord stored(Readable row) {
    return new StoredRecord(
        required(row, "id", Long.class),
        required(row, "topic", String.class),
        required(row, "message_key", String.class),
        headers(required(row, "headers", Json.class)),
        required(row, "value", byte[].class));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, String> headers(Json json) {
    return MessageJson.read(json.asArray(), Map.class);
  }

  private static <T> T required(Readable row, String column, Class<T> type) {
    return Objects.requireNonNull(row.get(column, type), column);
  }

  /** Takes out what the broker has; returns the operations it belonged to. */
  Mono<List<UUID>> delete(Collection<Long> ids) {
    return database
        .sql(
            """
            DELETE FROM outbox WHERE id = ANY (:ids)
            RETURNING operation_id
            """)
        .bind("ids", ids.toArray(Long[]::new))
        .map(row -> Optional.ofNullable(row.get("operation_id", UUID.class)))
        .all()
        .mapNotNull(operation -> operation.orElse(null))
        .collectList();
  }

  /** Puts a record aside that the broker will never take, so that its key goes on. */
  Mono<Void> refuse(long id, String refusal, Instant now) {
    return database
        .sql("UPDATE outbox SET refused_at = :now, refusal = :refusal WHERE id = :id")
        .bind("now", now)
        .bind("refusal", refusal)
        .bind("id", id)
        .then();
  }

  Mono<Backlog> backlog(Instant now) {
    return database
        .sql(
            """
            SELECT count(*) FILTER (WHERE refused_at IS NULL) AS unsent,
                   min(created_at) FILTER (WHERE refused_at IS NULL) AS oldest,
                   count(*) FILTER (WHERE refused_at IS NOT NULL) AS refused
            FROM outbox
            """)
        .map(row -> {
          Instant oldest = row.get("oldest", Instant.class);
          return new Backlog(
              required(row, "unsent", Long.class),
              oldest == null ? Duration.ZERO : Duration.between(oldest, now),
              required(row, "refused", Long.class));
        })
        .one();
  }
}
