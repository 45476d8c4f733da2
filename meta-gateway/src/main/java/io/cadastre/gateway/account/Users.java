package io.cadastre.gateway.account;

import static io.cadastre.gateway.database.Columns.required;

import io.cadastre.gateway.access.Role;
import io.r2dbc.spi.Readable;
import java.time.Clock;
import java.time.Instant;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** The table {@code account}. */
@Component
final class Users {

  private static final String COLUMNS = "username, role, version, created_at, updated_at";

  /** A user as the API shows one. */
  record User(String username, Role role, long version, Instant createdAt, Instant updatedAt) {}

  /** What signing in needs. */
  record Credentials(String username, Role role, String passwordHash) {}

  private final DatabaseClient database;
  private final Clock clock;

  Users(DatabaseClient database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  Mono<User> add(String username, Role role, String passwordHash) {
    return database
        .sql(
            """
            INSERT INTO account (username, role, password_hash, created_at, updated_at)
            VALUES (:username, :role, :hash, :now, :now)
            RETURNING %s
            """
                .formatted(COLUMNS))
        .bind("username", username)
        .bind("role", role.word())
        .bind("hash", passwordHash)
        .bind("now", clock.instant())
        .map(Users::user)
        .one();
  }

  /** Adds the user only where there is none at all yet; tells whether it did. */
  Mono<Boolean> addFirst(String username, Role role, String passwordHash) {
    return database
        .sql(
            """
            INSERT INTO account (username, role, password_hash, created_at, updated_at)
            SELECT :username, :role, :hash, :now, :now WHERE NOT EXISTS (SELECT FROM account)
            ON CONFLICT DO NOTHING
            """)
        .bind("username", username)
        .bind("role", role.word())
        .bind("hash", passwordHash)
        .bind("now", clock.instant())
        .fetch()
        .rowsUpdated()
        .map(added -> added == 1);
  }

  Mono<Boolean> anyExists() {
    return database
        .sql("SELECT EXISTS (SELECT FROM account) AS any")
        .map(row -> required(row, "any", Boolean.class))
        .one();
  }

  Flux<User> after(String username, int limit) {
    return database
        .sql(
            "SELECT %s FROM account WHERE username > :after ORDER BY username LIMIT :limit"
                .formatted(COLUMNS))
        .bind("after", username)
        .bind("limit", limit)
        .map(Users::user)
        .all();
  }

  Mono<User> find(String username) {
    return database
        .sql("SELECT %s FROM account WHERE username = :username".formatted(COLUMNS))
        .bind("username", username)
        .map(Users::user)
        .one();
  }

  /** Locks it until the transaction ends. */
  Mono<User> forChange(String username) {
    return database
        .sql("SELECT %s FROM account WHERE username = :username FOR UPDATE".formatted(COLUMNS))
        .bind("username", username)
        .map(Users::user)
        .one();
  }

  /** Locks every admin, in one order, so that two changes do not leave none. */
  Mono<Long> lockAdmins() {
    return database
        .sql("SELECT username FROM account WHERE role = 'admin' ORDER BY username FOR UPDATE")
        .fetch()
        .all()
        .count();
  }

  Mono<Credentials> credentials(String username) {
    return database
        .sql("SELECT username, role, password_hash FROM account WHERE username = :username")
        .bind("username", username)
        .map(row ->
            new Credentials(
                required(row, "username", String.class),
                Role.of(required(row, "role", String.class)),
                required(row, "password_hash", String.class)))
        .one();
  }

  Mono<User> setRole(String username, Role role) {
    return database
        .sql(
            """
            UPDATE account SET role = :role, version = version + 1, updated_at = :now
            WHERE username = :username RETURNING %s
            """
                .formatted(COLUMNS))
        .bind("role", role.word())
        .bind("now", clock.instant())
        .bind("username", username)
        .map(Users::user)
        .one();
  }

  Mono<User> setPassword(String username, String passwordHash) {
    return database
        .sql(
            """
            UPDATE account SET password_hash = :hash, version = version + 1, updated_at = :now
            WHERE username = :username RETURNING %s
            """
                .formatted(COLUMNS))
        .bind("hash", passwordHash)
        .bind("now", clock.instant())
        .bind("username", username)
        .map(Users::user)
        .one();
  }

  /** With it go its sessions and tokens. */
  Mono<Void> remove(String username) {
    return database
        .sql("DELETE FROM account WHERE username = :username")
        .bind("username", username)
        .then();
  }

  private static User user(Readable row) {
    return new User(
        required(row, "username", String.class),
        Role.of(required(row, "role", String.class)),
        required(row, "version", Long.class),
        required(row, "created_at", Instant.class),
        required(row, "updated_at", Instant.class));
  }
}
