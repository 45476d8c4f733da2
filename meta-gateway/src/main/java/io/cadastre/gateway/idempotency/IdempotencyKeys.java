package io.cadastre.gateway.idempotency;

import static io.cadastre.gateway.database.Columns.required;

import io.cadastre.gateway.problem.ProblemException;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The table {@code idempotency_key}. */
@Component
final class IdempotencyKeys {

  private static final TypeReference<Map<String, String>> HEADERS = new TypeReference<>() {};

  /** A key stands for its request for so long. */
  private static final Duration KEPT_FOR = Duration.ofDays(1);

  /**
   * After so long an attempt without an answer was cut off, with its gateway; longer than any
   * request waits. One that is not, and only slow, cannot commit once another has the key.
   */
  private static final Duration CUT_OFF_AFTER = Duration.ofMinutes(2);

  private final DatabaseClient database;
  private final JsonMapper json;
  private final Clock clock;
  private final Supplier<UUID> ids;

  IdempotencyKeys(DatabaseClient database, JsonMapper json, Clock clock, Supplier<UUID> ids) {
    this.database = database;
    this.json = json;
    this.clock = clock;
    this.ids = ids;
  }

  /** Claims a key for a request, unless somebody did before. */
  Mono<Claim> claim(String username, String key, byte[] requestMac) {
    Instant now = clock.instant();
    Attempt attempt = new Attempt(username, key, ids.get());
    return database
        .sql(
            """
            INSERT INTO idempotency_key AS k (username, key, request_mac, claim_id, claimed_at)
            VALUES (:username, :key, :mac, :claim, :now)
            ON CONFLICT (username, key) DO UPDATE
            SET request_mac = excluded.request_mac, claim_id = excluded.claim_id,
              claimed_at = excluded.claimed_at, committed_at = NULL, given_up = false,
              answer_status = NULL, answer_headers = NULL, answer_body = NULL
            WHERE k.claimed_at < :forgotten
              OR (k.claimed_at < :cutOff AND k.request_mac = excluded.request_mac
                AND k.committed_at IS NULL AND k.answer_status IS NULL)
            """)
        .bind("username", username)
        .bind("key", key)
        .bind("mac", requestMac)
        .bind("claim", attempt.claimId())
        .bind("now", now)
        .bind("forgotten", now.minus(KEPT_FOR))
        .bind("cutOff", now.minus(CUT_OFF_AFTER))
        .fetch()
        .rowsUpdated()
        .flatMap(claimed ->
            claimed > 0
                ? Mono.just(new Claim.First(attempt))
                : find(attempt, requestMac, now.minus(CUT_OFF_AFTER))
                    // Given up in between: as if it were still running, the client comes again.
                    .defaultIfEmpty(new Claim.Running()));
  }

  private Mono<Claim> find(Attempt attempt, byte[] requestMac, Instant cutOff) {
    return database
        .sql(
            """
            SELECT request_mac, committed_at, given_up OR claimed_at < :cutOff AS ended,
              answer_status, answer_headers, answer_body
            FROM idempotency_key WHERE username = :username AND key = :key
            """)
        .bind("username", attempt.username())
        .bind("key", attempt.key())
        .bind("cutOff", cutOff)
        .map(row -> claim(row, requestMac))
        .one();
  }

  private Claim claim(Readable row, byte[] requestMac) {
    if (!Arrays.equals(required(row, "request_mac", byte[].class), requestMac)) {
      return new Claim.Taken();
    }
    Integer status = row.get("answer_status", Integer.class);
    if (status != null) {
      return new Claim.Answered(
          new Answer(
              status,
              json.readValue(required(row, "answer_headers", Json.class).asString(), HEADERS),
              row.get("answer_body", String.class)));
    }
    Instant committedAt = row.get("committed_at", Instant.class);
    return committedAt != null && required(row, "ended", Boolean.class)
        ? new Claim.Unanswered(committedAt)
        : new Claim.Running();
  }

  /**
   * Says in the transaction of the work that it is done.
   *
   * @throws ProblemException where a later attempt has the key, so that the work is rolled back
   */
  Mono<Void> committing(Attempt attempt) {
    return ofAttempt(
            "UPDATE idempotency_key SET committed_at = coalesce(committed_at, :now)", "", attempt)
        .bind("now", clock.instant())
        .fetch()
        .rowsUpdated()
        .flatMap(updated ->
            updated > 0
                ? Mono.empty()
                : Mono.error(
                    ProblemException.conflict(
                        "this took so long that the same request, sent again, overtook it")));
  }

  Mono<Void> answered(Attempt attempt, Answer answer) {
    return ofAttempt(
            """
            UPDATE idempotency_key
            SET answer_status = :status, answer_headers = :headers, answer_body = :body
            """,
            "",
            attempt)
        .bind("status", answer.status())
        .bind("headers", Json.of(json.writeValueAsString(answer.headers())))
        .bind("body", Parameters.in(PostgresqlObjectId.TEXT, answer.body()))
        .then();
  }

  /** Frees the key, unless something came of the attempt: then no answer to it will come. */
  Mono<Void> giveUp(Attempt attempt) {
    return ofAttempt(
            "DELETE FROM idempotency_key",
            "AND committed_at IS NULL AND answer_status IS NULL",
            attempt)
        .then()
        .then(ofAttempt("UPDATE idempotency_key SET given_up = true", "", attempt).then());
  }

  private DatabaseClient.GenericExecuteSpec ofAttempt(
      String statement, String condition, Attempt attempt) {
    return database
        .sql(
            statement
                + " WHERE username = :username AND key = :key AND claim_id = :claim "
                + condition)
        .bind("username", attempt.username())
        .bind("key", attempt.key())
        .bind("claim", attempt.claimId());
  }

  /** Removes what no longer counts. */
  Mono<Long> forget() {
    return database
        .sql("DELETE FROM idempotency_key WHERE claimed_at < :moment")
        .bind("moment", clock.instant().minus(KEPT_FOR))
        .fetch()
        .rowsUpdated();
  }
}
