package io.cadastre.testbed;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.SealedSecret;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.localservers.LocalMySql;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.containers.ContainerServer;
import io.cadastre.secrets.KeysetGenerator;
import io.cadastre.secrets.SecretOpener;
import io.cadastre.secrets.SecretSealer;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A real server that the contract is checked on, and its all-mighty account. */
public record ServerUnderTest(
    String name, Engine engine, String host, int port, String admin, String password) {

  private static final KeysetGenerator.Keysets KEYSETS = KeysetGenerator.generate();
  private static final SecretSealer SEALER = SecretSealer.of(KEYSETS.publicKeyset());

  /** Opens the passwords of {@link #instance()}. */
  public static final SecretOpener OPENER = SecretOpener.of(KEYSETS.privateKeyset());

  /** Servers of one's own: {@code -Dcadastre.test.servers=mysql://root:password@host:3306,…}. */
  private static final String MORE = System.getProperty("cadastre.test.servers", "");

  /** One that is there for a single test. */
  public static ServerUnderTest of(LocalMariaDb server) {
    return new ServerUnderTest(
        "MariaDB",
        Engine.MYSQL,
        server.host(),
        server.port(),
        server.username(),
        server.password());
  }

  /** What this machine has. */
  public static Stream<ServerUnderTest> available() {
    LocalPostgres postgres = LocalPostgres.shared();
    Stream<ServerUnderTest> local =
        Stream.of(
            of(LocalMariaDb.shared()),
            new ServerUnderTest(
                "PostgreSQL",
                Engine.POSTGRESQL,
                postgres.host(),
                postgres.port(),
                postgres.superuser(),
                postgres.password()));
    Stream<ServerUnderTest> more =
        Stream.of(MORE.split(",", -1)).filter(uri -> !uri.isBlank()).map(ServerUnderTest::of);
    return Stream.of(local, mySql(), more).flatMap(servers -> servers);
  }

  /** MySQL is not MariaDB; its server needs libraries that not every machine has. */
  private static Stream<ServerUnderTest> mySql() {
    if (LocalMySql.unavailable().isPresent()) {
      return Stream.empty();
    }
    LocalMySql mySql = LocalMySql.shared();
    return Stream.of(
        new ServerUnderTest(
            "MySQL", Engine.MYSQL, mySql.host(), mySql.port(), mySql.username(), mySql.password()));
  }

  /** Other versions, where there is Docker. */
  public static Stream<ServerUnderTest> inContainers() {
    return ContainerServer.ALL.stream()
        .map(server ->
            new ServerUnderTest(
                server.image(),
                server.isPostgresql() ? Engine.POSTGRESQL : Engine.MYSQL,
                server.host(),
                server.port(),
                server.username(),
                server.password()));
  }

  private static ServerUnderTest of(String uri) {
    URI parsed = URI.create(uri);
    List<String> account = List.of(parsed.getUserInfo().split(":", 2));
    return new ServerUnderTest(
        parsed.getScheme(),
        parsed.getScheme().equals("postgresql") ? Engine.POSTGRESQL : Engine.MYSQL,
        parsed.getHost(),
        parsed.getPort(),
        account.getFirst(),
        account.getLast());
  }

  public boolean isPostgresql() {
    return engine == Engine.POSTGRESQL;
  }

  /** As a worker gets it in a command. */
  public InstanceConnection instance(String username, String accountPassword) {
    SealedSecret sealed = SEALER.seal(accountPassword, InstanceConnection.secretContext(7));
    return new InstanceConnection(7, engine, host, port, username, sealed, TlsMode.DISABLED, null);
  }

  public InstanceConnection instance() {
    return instance(admin, password);
  }

  public Connection connect() throws SQLException {
    String url =
        isPostgresql()
            ? "jdbc:postgresql://" + host + ":" + port + "/postgres"
            : "jdbc:mariadb://" + host + ":" + port + "/?allowPublicKeyRetrieval=true";
    return DriverManager.getConnection(url, admin, password);
  }

  public void execute(String... statements) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String sql : statements) {
        statement.execute(sql);
      }
    }
  }

  public void createDatabases(Iterable<String> names) throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String database : names) {
        statement.execute("CREATE DATABASE " + quoted(database));
      }
    }
  }

  public String quoted(String identifier) {
    return isPostgresql()
        ? '"' + identifier.replace("\"", "\"\"") + '"'
        : '`' + identifier.replace("`", "``") + '`';
  }

  /** Leaves nothing but what the server itself made. */
  public void dropEverything() throws SQLException {
    try (Connection connection = connect();
        Statement statement = connection.createStatement()) {
      for (String database : strings(statement, isPostgresql() ? POSTGRES_OWN : MYSQL_OWN)) {
        if (isPostgresql()) {
          statement.execute("ALTER DATABASE " + quoted(database) + " IS_TEMPLATE false");
        }
        statement.execute("DROP DATABASE " + quoted(database));
      }
      if (isPostgresql()) {
        for (String role :
            strings(statement, "SELECT rolname FROM pg_roles WHERE rolname LIKE 't\\_%'")) {
          statement.execute("DROP ROLE " + role);
        }
      } else {
        for (String user :
            strings(
                statement, "SELECT user FROM mysql.user WHERE user LIKE 't\\_%' AND host = '%'")) {
          statement.execute("DROP USER '" + user + "'@'%'");
        }
      }
    }
  }

  private static final String POSTGRES_OWN =
      "SELECT datname FROM pg_database"
          + " WHERE datname NOT IN ('postgres', 'template0', 'template1')";
  private static final String MYSQL_OWN =
      "SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN"
          + " ('mysql', 'sys', 'information_schema', 'performance_schema', 'test')";

  private static List<String> strings(Statement statement, String sql) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(sql)) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }

  @Override
  public String toString() {
    return name;
  }
}
