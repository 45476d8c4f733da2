package io.cadastre.gateway.account;

import static io.cadastre.gateway.database.Columns.required;

import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.Role;
import io.r2dbc.postgresql.codec.PostgresqlObjectId;
import io.r2dbc.spi.Parameters;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table {@code api_token}. */
@Component
final class Tokens {

  static final String PREFIX = "cad_";

  private static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);
  private static final String COLUMNS =
      "id, username, name, role, created_at, expires_at, last_used_at, revoked_at";

  /** A bearer token as the API shows it. */
  record Token(
      long id,
      String username,
      String name,
      Role role,
      Instant createdAt,
      @Nullable Instant expiresAt,
      @Nullable Instant lastUsedAt,
      @Nullable Instant revokedAt) {}

  private final DatabaseClient database;
  private final Clock clock;

  Tokens(DatabaseClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  Mono<Token> add(
      String username, String name, Role role, @Nullable Instant expiresAt, SecretToken secret) {
    return database
        .sql(
            """
            INSERT INTO api_token (username, name, role, token_hash, created_at, expires_at)
            VALUES (:username, :name, :role, :hash, :now, :expiresAt)
            RETURNING %s
            """
                .formatted(COLUMNS))
        .bind("username", username)
        .bind("name", name)
        .bind("role", role.word())
        .bind("hash", secret.hash())
        .bind("now", clock.instant())
        .bind("expiresAt", Parameters.in(PostgresqlObjectId.TIMESTAMPTZ, expiresAt))
        .map(Tokens::token)
        .one();
  }

  /** Who comes with it; empty where it is unknown, revoked or expired. */
  Mono<Caller> caller(SecretToken secret) {
    Instant now = clock.instant();
    return database
        .sql(
            """
            SELECT t.id, t.username, t.name, t.role, t.last_used_at, a.role AS account_role
            FROM api_token t JOIN account a USING (username)
            WHERE t.token_hash = :hash AND t.revoked_at IS NULL
              AND (t.expires_at IS NULL OR t.expires_at > :now)
            """)
        .bind("hash", secret.hash())
        .bind("now", now)
        .map(row -> new Seen(row))
        .one()
        .flatMap(seen ->
            seen.recently(now)
                ? Mono.just(seen.caller())
                : touch(seen.id(), now).thenReturn(seen.caller()));
  }

  private record Seen(long id, Caller caller, @Nullable Instant at) {

    Seen(Readable row) {
      this(
          required(row, "id", Long.class),
          new Caller(
              required(row, "username", String.class),
              Role.lesser(
                  Role.of(required(row, "role", String.class)),
                  Role.of(required(row, "account_role", String.class))),
              required(row, "name", String.class)),
          row.get("last_used_at", Instant.class));
    }

    boolean recently(Instant now) {
      return at != null && at.isAfter(now.minus(TOUCH_INTERVAL));
    }
  }

  private Mono<Void> touch(long id, Instant now) {
    return database
        .sql("UPDATE api_token SET last_used_at = :now WHERE id = :id")
        .bind("now", now)
        .bind("id", id)
        .then();
  }

  /** How many of a user are not revoked. */
  Mono<Long> live(String username) {
    return database
        .sql(
            """
            SELECT count(*) AS live FROM api_token WHERE username = :username AND revoked_at IS NULL
            """)
        .bind("username", username)
        .map(row -> required(row, "live", Long.class))
        .one();
  }

  /** Of a user, by id, those after one. */
  Flux<Token> of(String username, long after, int limit) {
    return database
        .sql(
            """
            SELECT %s FROM api_token WHERE username = :username AND id > :after
            ORDER BY id LIMIT :limit
            """
                .formatted(COLUMNS))
        .bind("username", username)
        .bind("after", after)
        .bind("limit", limit)
        .map(Tokens::token)
        .all();
  }

  /** The token as it was; empty where there is none such or it was revoked before. */
  Mono<Token> forRevoking(long id) {
    return database
        .sql(
            "SELECT %s FROM api_token WHERE id = :id AND revoked_at IS NULL FOR UPDATE"
                .formatted(COLUMNS))
        .bind("id", id)
        .map(Tokens::token)
        .one();
  }

  Mono<Token> revoke(long id) {
    return database
        .sql("UPDATE api_token SET revoked_at = :now WHERE id = :id RETURNING " + COLUMNS)
        .bind("now", clock.instant())
        .bind("id", id)
        .map(Tokens::token)
        .one();
  }

  /** What no longer works is shown for a while, then forgotten. */
  Mono<Long> removeEnded(Duration shownFor) {
    return database
        .sql("DELETE FROM api_token WHERE least(revoked_at, expires_at) < :before")
        .bind("before", clock.instant().minus(shownFor))
        .fetch()
        .rowsUpdated();
  }

  private static Token token(Readable row) {
    return new Token(
        required(row, "id", Long.class),
        required(row, "username", String.class),
        required(row, "name", String.class),
        Role.of(required(row, "role", String.class)),
        required(row, "created_at", Instant.class),
        row.get("expires_at", Instant.class),
        row.get("last_used_at", Instant.class),
        row.get("revoked_at", Instant.class));
  }
}
