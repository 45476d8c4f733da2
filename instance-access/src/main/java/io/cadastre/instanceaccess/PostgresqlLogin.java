package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.TlsMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** Logs in to PostgreSQL with pgjdbc. */
final class PostgresqlLogin implements EngineLogin {

  /** Methods that never show the password itself; {@code none} is the server's trust. */
  private static final String CLOSED_METHODS = "scram-sha-256,md5,none";

  /**
   * And the one that does, for inside TLS. Never Kerberos: it would be the worker's own identity.
   */
  private static final String CLEAR_METHODS = CLOSED_METHODS + ",password";

  private final Driver driver = new Driver();

  /** What exists almost everywhere, then what cannot be dropped by accident. */
  @Override
  public List<String> databases() {
    return List.of("postgres", "template1");
  }

  @Override
  public Connection logIn(Request request) throws SQLException {
    // Nothing that a user gave goes into the URL.
    @Nullable Connection connection = driver.connect("jdbc:postgresql://", properties(request));
    if (connection == null) {
      throw new IllegalStateException("pgjdbc does not accept its own URL");
    }
    return connection;
  }

  private static Properties properties(Request request) {
    InstanceConnection instance = request.instance();
    boolean plain = instance.tlsMode() == TlsMode.DISABLED;
    String seconds = Long.toString(Math.max(1, request.timeout().toSeconds()));
    String password = request.password();
    Properties properties = new Properties();
    PGProperty.PG_HOST.set(properties, request.host());
    PGProperty.PG_PORT.set(properties, request.address().getPort());
    PGProperty.PG_DBNAME.set(properties, request.database());
    PGProperty.USER.set(properties, instance.username());
    // Never absent: the driver would look for one in the worker's own ~/.pgpass.
    PGProperty.PASSWORD.set(properties, password == null ? "" : password);
    PGProperty.SOCKET_FACTORY.set(properties, PinnedSocketFactory.class.getName());
    PGProperty.CONNECT_TIMEOUT.set(properties, seconds);
    PGProperty.SOCKET_TIMEOUT.set(properties, seconds);
    // In the calling thread, where the Handover is.
    PGProperty.LOGIN_TIMEOUT.set(properties, "0");
    // The driver's own checks are off because PostgresqlTlsFactory does them.
    PGProperty.SSL_MODE.set(properties, plain ? "disable" : "require");
    PGProperty.SSL_FACTORY.set(properties, PostgresqlTlsFactory.class.getName());
    PGProperty.GSS_ENC_MODE.set(properties, "disable");
    PGProperty.REQUIRE_AUTH.set(properties, plain ? CLOSED_METHODS : CLEAR_METHODS);
    PGProperty.APPLICATION_NAME.set(properties, "Cadastre");
    // A server that sends one endless row must not fill the worker's memory.
    PGProperty.MAX_RESULT_BUFFER.set(properties, "32M");
    return properties;
  }

  @Override
  public ServerInfo identify(Connection connection)
      throws SQLException, UnsupportedServerException {
    List<String> row =
        EngineLogin.queryRow(
            connection,
            "SELECT pg_catalog.version(), pg_catalog.current_setting('server_version')");
    return identify(row.getFirst(), row.getLast());
  }

  static ServerInfo identify(String banner, String version) throws UnsupportedServerException {
    String lower = banner.toLowerCase(Locale.ROOT);
    if (!lower.startsWith("postgresql ")
        || lower.contains("redshift")
        || lower.contains("greenplum")) {
      throw new UnsupportedServerException(
          "the server says it is \"%s\", which is not PostgreSQL".formatted(banner));
    }
    ServerInfo server = new ServerInfo("PostgreSQL", version);
    new Version(13, 0).require(server);
    return server;
  }

  @Override
  public void prepare(Connection connection, ServerInfo server, Duration statementLimit)
      throws SQLException {
    // An empty search path: no function somebody put into "public" stands in for a system one.
    EngineLogin.execute(
        connection,
        "SET search_path = ''; SET default_transaction_read_only = on; SET statement_timeout = "
            + statementLimit.toMillis());
  }
}
