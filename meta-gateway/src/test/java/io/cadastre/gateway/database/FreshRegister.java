package io.cadastre.gateway.database;

import io.cadastre.localservers.LocalPostgres;
import io.r2dbc.pool.ConnectionPool;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.reactive.TransactionalOperator;

/** An empty register of its own, for tests that set the clock or count every row. */
public final class FreshRegister implements AutoCloseable {

  private static final MetadataDatabase.Passwords PASSWORDS =
      new MetadataDatabase.Passwords("owner", "gateway", "reader");

  private final ConnectionPool pool;
  private final String jdbcUrl;

  public FreshRegister() {
    LocalPostgres server = LocalPostgres.shared();
    String name = server.createDatabase();
    jdbcUrl = server.jdbcUrl(name);
    try {
      MetadataDatabase.prepare(jdbcUrl, server.superuser(), server.password(), PASSWORDS);
      var properties =
          new DatabaseProperties(
              server.host(),
              server.port(),
              name,
              PASSWORDS.owner(),
              PASSWORDS.gateway(),
              "disable",
              10,
              Duration.ofSeconds(30));
      var configuration = new DatabaseConfiguration();
      configuration.migrations(properties).afterPropertiesSet();
      pool = configuration.connections(properties);
    } catch (Exception e) {
      throw new IllegalStateException("no fresh register in " + jdbcUrl, e);
    }
  }

  /** As the gateway, with the gateway's rights. */
  public DatabaseClient client() {
    return DatabaseClient.create(pool);
  }

  public TransactionalOperator transaction() {
    return TransactionalOperator.create(transactionManager());
  }

  public ReactiveTransactionManager transactionManager() {
    return new R2dbcTransactionManager(pool);
  }

  /** Runs a statement as the superuser. */
  public void execute(String sql) {
    LocalPostgres server = LocalPostgres.shared();
    try (var connection =
            DriverManager.getConnection(jdbcUrl, server.superuser(), server.password());
        var statement = connection.createStatement()) {
      statement.execute("SET search_path = cadastre");
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(sql, e);
    }
  }

  /** The one value that a query answers. */
  public <T> T one(String sql, Class<T> type) {
    return Objects.requireNonNull(client().sql(sql).mapValue(type).one().block(), sql);
  }

  /** Registers an instance and tells its id. */
  public long instance(String name) {
    return one(
        """
        WITH i AS (
          INSERT INTO instance (name, engine, host, port, username, tls_mode, created_at, updated_at)
          VALUES ('%s', 'postgresql', '%s', 5432, 'u', 'disabled', now(), now()) RETURNING id),
        s AS (INSERT INTO instance_state (instance_id) SELECT id FROM i)
        SELECT id FROM i
        """
            .formatted(name, name),
        Long.class);
  }

  @Override
  public void close() {
    pool.dispose();
  }
}
