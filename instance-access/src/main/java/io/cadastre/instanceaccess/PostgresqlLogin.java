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

  private static final Version OLDEST = new Version(13, 0);

  private static final String WHO =
      "SELECT pg_catalog.version(), pg_catalog.current_setting('server_version')";

  /** An empty search path: no function somebody put into "public" stands in for a system one. */
  private static final String PREPARE =
      WHO
          + ", pg_catalog.set_config('search_path', '', false)"
          + ", pg_catalog.set_config('default_transaction_read_only', 'on', false)"
          + ", pg_catalog.set_config('statement_timeout', '";

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
    // It then goes with the first packet, not with a statement of its own.
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "9.0");
    // A server that sends one endless row must not fill the worker's memory.
    PGProperty.MAX_RESULT_BUFFER.set(properties, "32M");
    return properties;
  }

  /** One statement: each costs a round trip, and a fresh connection starts with empty caches. */
  @Override
  public ServerInfo greet(Connection connection, Duration statementLimit)
      throws SQLException, UnsupportedServerException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    List<String> row =
        EngineLogin.queryRow(
            connection,
            major < OLDEST.major() ? WHO : PREPARE + statementLimit.toMillis() + "', false)");
    return identify(row.get(0), row.get(1));
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
    OLDEST.require(server);
    return server;
  }
}
