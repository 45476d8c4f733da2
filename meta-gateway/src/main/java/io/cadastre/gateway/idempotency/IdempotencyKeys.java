package io.cadastre.gateway.idempotency;

import static io.cadastre.gateway.database.Columns.required;

import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code idempotency_key}. */
@Component
final class IdempotencyKeys {

  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  /**
   * After so long a request that is still not answered was cut off, with its gateway; longer than
   * any request may wait.
   */
  private static final Duration CUT_OFF_AFTER = Duration.ofMinutes(2);

  private final DatabaseClient database;
  private final JsonMapper json;
  private final Clock clock;

  IdempotencyKeys(DatabaseClient database, JsonMapper json, Clock clock) {
    this.database = database;
    this.json = json;
    this.clock = clock;
  }

  /** Claims a key for a request, unless somebody did before. */
  Mono<Claim> claim(String username, String key, byte[] requestHash) {
    Instant now = clock.instant();
    return database
        .sql(
            """
            INSERT INTO idempotency_key AS k (username, key, request_hash, claimed_at)
            VALUES (:username, :key, :hash, :now)
            ON CONFLICT (username, key) DO UPDATE SET claimed_at = excluded.claimed_at
              WHERE k.answer_status IS NULL AND k.claimed_at < :cutOff AND k.request_hash = excluded.request_hash
            RETURNING true AS claimed
            """)
        .bind("username", username)
        .bind("key", key)
        .bind("hash", requestHash)
        .bind("now", now)
        .bind("cutOff", now.minus(CUT_OFF_AFTER))
        .fetch()
        .rowsUpdated()
        .flatMap(claimed ->
            claimed > 0
                ? Mono.just(new Claim.First())
                : find(username, key, requestHash)
                    // Given up in between: as if it were still running, the client comes again.
                    .defaultIfEmpty(new Claim.Running()));
  }

  private Mono<Claim> find(String username, String key, byte[] requestHash) {
    return database
        .sql(
            """
            SELECT request_hash, answer_status, answer_headers, answer_body
            FROM idempotency_key WHERE username = :username AND key = :key
            """)
        .bind("username", username)
        .bind("key", key)
        .map(row -> claim(row, requestHash))
        .one();
  }

  private Claim claim(Readable row, byte[] requestHash) {
    if (!Arrays.equals(required(row, "request_hash", byte[].class), requestHash)) {
      return new Claim.Taken();
    }
    Integer status = row.get("answer_status", Integer.class);
    return status == null
        ? new Claim.Running()
        : new Claim.Answered(
            new Answer(
                status,
                json.readValue(required(row, "answer_headers", Json.class).asString(), HEADERS),
                row.get("answer_body", String.class)));
  }

  Mono<Void> answered(String username, String key, Answer answer) {
    return database
        .sql(
            """
            UPDATE idempotency_key SET answer_status = :status, answer_headers = :headers, answer_body = :body
            WHERE username = :username AND key = :key
            """)
        .bind("username", username)
        .bind("key", key)
        .bind("status", answer.status())
        .bind("headers", Json.of(json.writeValueAsString(answer.headers())))
        .bind("body", Parameters.in(PostgresqlObjectId.TEXT, answer.body()))
        .then();
  }

  /** Nothing came of the request, so the key is free again. */
  Mono<Void> giveUp(String username, String key) {
    return database
        .sql(
            """
            DELETE FROM idempotency_key
            WHERE username = :username AND key = :key AND answer_status IS NULL
            """)
        .bind("username", username)
        .bind("key", key)
        .then();
  }

  Mono<Long> removeBefore(Instant moment) {
    return database
        .sql("DELETE FROM idempotency_key WHERE claimed_at < :moment")
        .bind("moment", moment)
        .fetch()
        .rowsUpdated();
  }
}
