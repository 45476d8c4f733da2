package io.cadastre.gateway.operation;

import static java.util.Objects.requireNonNull;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.SealedSecret;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.gateway.problem.ProblemException;
import io.r2dbc.spi.Readable;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The instance as its scans need it, and the lock that everything about its scans takes first. */
@Component
public final class InstanceScans {

  /** What a command says of the instance. */
  record Target(InstanceConnection connection, NamePatterns patterns) {}

  private final DatabaseClient database;

  InstanceScans(DatabaseClient database) {
    this.database = database;
  }

  /** Holds until the transaction ends; empty where there is no such instance. */
  public Mono<Long> lock(long instanceId) {
    return database
        .sql(
            """
            INSERT INTO instance_scan (instance_id) SELECT id FROM instance WHERE id = :id
            ON CONFLICT (instance_id) DO UPDATE SET instance_id = excluded.instance_id
            RETURNING instance_id
            """)
        .bind("id", instanceId)
        .map(row -> requireNonNull(row.get("instance_id", Long.class)))
        .one();
  }

  /** The next number of the instance's scans; the caller holds the lock. */
  Mono<Long> nextNumber(long instanceId) {
    return database
        .sql(
            """
            UPDATE instance_scan SET last_number = last_number + 1
            WHERE instance_id = :id RETURNING last_number
            """)
        .bind("id", instanceId)
        .map(row -> requireNonNull(row.get("last_number", Long.class)))
        .one();
  }

  /** Number of the newest scan of a kind that was applied or held; 0 = none. */
  public Mono<Long> decided(long instanceId, ScanKind kind) {
    return database
        .sql(
            "SELECT decided_"
                + kind.code()
                + " AS number FROM instance_scan WHERE instance_id = :id")
        .bind("id", instanceId)
        .map(row -> requireNonNull(row.get("number", Long.class)))
        .one();
  }

  Mono<Void> decide(long instanceId, ScanKind kind, long number) {
    String column = "decided_" + kind.code();
    return database
        .sql(
            "UPDATE instance_scan SET %s = greatest(%s, :number) WHERE instance_id = :id"
                .formatted(column, column))
        .bind("number", number)
        .bind("id", instanceId)
        .then();
  }

  /** How many databases the instance is known to have: what a scan's progress is measured by. */
  Mono<Integer> knownDatabases(long instanceId) {
    return database
        .sql("SELECT database_count FROM instance_state WHERE instance_id = :id")
        .bind("id", instanceId)
        .map(row -> zeroIfNull(row.get("database_count", Integer.class)))
        .one()
        .defaultIfEmpty(0);
  }

  private static Integer zeroIfNull(@Nullable Integer count) {
    return count == null ? 0 : count;
  }

  /** Refuses where the instance is not there, or is deleted. */
  Mono<Target> target(long instanceId) {
    return database
        .sql(
            """
            SELECT id, engine, host, port, username, password_sealed, tls_mode, tls_ca_certificate,
                   include_patterns, exclude_patterns, deleted_at IS NOT NULL AS deleted
            FROM instance WHERE id = :id
            """)
        .bind("id", instanceId)
        .map(InstanceScans::read)
        .one()
        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("instance", instanceId)));
  }

  private static Target read(Readable row) {
    long id = required(row, "id", Long.class);
    if (required(row, "deleted", Boolean.class)) {
      throw ProblemException.conflict("instance " + id + " is deleted; restore it first");
    }
    String sealed = row.get("password_sealed", String.class);
    return new Target(
        new InstanceConnection(
            id,
            Engine.valueOf(required(row, "engine", String.class).toUpperCase(Locale.ROOT)),
            required(row, "host", String.class),
            required(row, "port", Integer.class),
            required(row, "username", String.class),
            sealed == null ? null : new SealedSecret(sealed),
            TlsMode.valueOf(
                required(row, "tls_mode", String.class).replace('-', '_').toUpperCase(Locale.ROOT)),
            row.get("tls_ca_certificate", String.class)),
        new NamePatterns(
            List.of(required(row, "include_patterns", String[].class)),
            List.of(required(row, "exclude_patterns", String[].class))));
  }

  private static <T> T required(Readable row, String column, Class<T> type) {
    return requireNonNull(row.get(column, type), column);
  }
}
