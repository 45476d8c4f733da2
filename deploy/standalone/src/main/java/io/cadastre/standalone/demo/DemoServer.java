package io.cadastre.standalone.demo;

import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;

/** One of the two servers, with what tells them apart. */
sealed interface DemoServer extends AutoCloseable {

  /** Its name in the register. */
  String name();

  /** The engine, as the REST API names it. */
  String engine();

  int port();

  Dialect dialect();

  List<DemoDatabase> databases();

  /** As administrator; an empty name is the server itself. */
  Connection connect(String database) throws SQLException;

  /** Creates or renews the account that Cadastre looks with, which may not write. */
  void createAccount(Connection connection, String password) throws SQLException;

  @Override
  void close();

  /** The account that Cadastre looks with. */
  String ACCOUNT = "cadastre";

  /** MariaDB. */
  record MariaDb(LocalMariaDb server) implements DemoServer {
    static MariaDb start(Path directory, int port) {
      return new MariaDb(
          LocalMariaDb.start(
              ServerSettings.keptIn(directory)
                  .withPort(port)
                  // Made-up data need not survive a power cut to the last second.
                  .withOption("innodb-flush-log-at-trx-commit", "2")));
    }

    @Override
    public String name() {
      return "demo-mariadb";
    }

    @Override
    public String engine() {
      return "mysql";
    }

    @Override
    public int port() {
      return server.port();
    }

    @Override
    public Dialect dialect() {
      return Dialect.MARIADB;
    }

    @Override
    public List<DemoDatabase> databases() {
      return DemoDatabase.ON_MARIADB;
    }

    @Override
    public Connection connect(String database) throws SQLException {
      return DriverManager.getConnection(
          server.jdbcUrl(database) + "?useBulkStmts=true", server.username(), server.password());
    }

    @Override
    public void createAccount(Connection connection, String password) throws SQLException {
      try (var statement = connection.createStatement()) {
        statement.execute(
            "CREATE OR REPLACE USER %s@'%%' IDENTIFIED BY '%s'".formatted(ACCOUNT, password));
        statement.execute(
            "GRANT SELECT, SHOW DATABASES, PROCESS ON *.* TO %s@'%%'".formatted(ACCOUNT));
      }
    }

    @Override
    public void close() {
      server.close();
    }
  }

  /** PostgreSQL. */
  record Postgres(LocalPostgres server) implements DemoServer {
    static Postgres start(Path directory, int port) {
      return new Postgres(
          LocalPostgres.start(
              ServerSettings.keptIn(directory)
                  .withPort(port)
                  .withOption("synchronous_commit", "off")));
    }

    @Override
    public String name() {
      return "demo-postgresql";
    }

    @Override
    public String engine() {
      return "postgresql";
    }

    @Override
    public int port() {
      return server.port();
    }

    @Override
    public Dialect dialect() {
      return Dialect.POSTGRESQL;
    }

    @Override
    public List<DemoDatabase> databases() {
      return DemoDatabase.ON_POSTGRESQL;
    }

    @Override
    public Connection connect(String database) throws SQLException {
      return DriverManager.getConnection(
          server.jdbcUrl(Objects.requireNonNullElse(database, "").isEmpty() ? "postgres" : database)
              + "?reWriteBatchedInserts=true",
          server.superuser(),
          server.password());
    }

    @Override
    public void createAccount(Connection connection, String password) throws SQLException {
      try (var statement = connection.createStatement()) {
        statement.execute(
            """
            DO $$ BEGIN
              CREATE ROLE %s LOGIN;
            EXCEPTION WHEN duplicate_object THEN NULL;
            END $$
            """
                .formatted(ACCOUNT));
        statement.execute("ALTER ROLE %s PASSWORD '%s'".formatted(ACCOUNT, password));
        statement.execute(
            "REVOKE CONNECT ON DATABASE %s FROM PUBLIC".formatted(DemoDatabase.PRIVATE));
      }
    }

    @Override
    public void close() {
      server.close();
    }
  }
}
