package io.cadastre.gateway.account;

import static io.cadastre.gateway.database.Columns.required;

import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.Role;
import io.r2dbc.spi.Readable;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The table {@code session}. */
@Component
final class Sessions {

  /** A session's last use is written this often, not with every request. */
  private static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);

  private final DatabaseClient database;
  private final Clock clock;
  private final SecureRandom random;
  private final AccountProperties settings;

  Sessions(DatabaseClient database, Clock clock, SecureRandom random, AccountProperties settings) {
    this.database = database;
    this.clock = clock;
    this.random = random;
    this.settings = settings;
  }

  Mono<SecretToken> begin(String username) {
    SecretToken session = SecretToken.random("", random);
    return database
        .sql(
            """
            INSERT INTO session (token_hash, username, created_at, last_used_at)
            VALUES (:hash, :username, :now, :now)
            """)
        .bind("hash", session.hash())
        .bind("username", username)
        .bind("now", clock.instant())
        .then()
        .thenReturn(session);
  }

  /** Who is signed in with it; empty where nobody is any more. Using it keeps it alive. */
  Mono<Caller> caller(SecretToken session) {
    Instant now = clock.instant();
    return database
        .sql(
            """
            SELECT s.username, s.last_used_at, a.role
            FROM session s JOIN account a USING (username)
            WHERE s.token_hash = :hash AND s.last_used_at > :idleSince AND s.created_at > :oldest
            """)
        .bind("hash", session.hash())
        .bind("idleSince", now.minus(settings.sessionIdle()))
        .bind("oldest", now.minus(settings.sessionMax()))
        .map(row -> new Seen(caller(row), required(row, "last_used_at", Instant.class)))
        .one()
        .flatMap(seen ->
            seen.at().isAfter(now.minus(TOUCH_INTERVAL))
                ? Mono.just(seen.caller())
                : touch(session, now).thenReturn(seen.caller()));
  }

  private record Seen(Caller caller, Instant at) {}

  private static Caller caller(Readable row) {
    return new Caller(
        required(row, "username", String.class),
        Role.of(required(row, "role", String.class)),
        null);
  }

  private Mono<Void> touch(SecretToken session, Instant now) {
    return database
        .sql("UPDATE session SET last_used_at = :now WHERE token_hash = :hash")
        .bind("now", now)
        .bind("hash", session.hash())
        .then();
  }

  Mono<Void> end(SecretToken session) {
    return database
        .sql("DELETE FROM session WHERE token_hash = :hash")
        .bind("hash", session.hash())
        .then();
  }

  /** Ends a user's sessions, but for the one that asks for it. */
  Mono<Void> endOthers(String username, SecretToken own) {
    return database
        .sql("DELETE FROM session WHERE username = :username AND token_hash <> :own")
        .bind("username", username)
        .bind("own", own.hash())
        .then();
  }

  Mono<Long> removeEnded() {
    Instant now = clock.instant();
    return database
        .sql("DELETE FROM session WHERE last_used_at < :idleSince OR created_at < :oldest")
        .bind("idleSince", now.minus(settings.sessionIdle()))
        .bind("oldest", now.minus(settings.sessionMax()))
        .fetch()
        .rowsUpdated();
  }
}
