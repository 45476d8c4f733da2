package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.TlsMode;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.Driver;
import org.mariadb.jdbc.HostAddress;

/** Logs in to MySQL and MariaDB with MariaDB's driver, which speaks to both. */
final class MysqlLogin implements EngineLogin {

  static {
    // It logs the server's words as they are, and they can hold what was sent to it.
    System.setProperty("mariadb.logging.disable", "true");
  }

  /** Methods that never show the password itself. */
  private static final String CLOSED_METHODS =
      "mysql_native_password,client_ed25519,caching_sha2_password,parsec";

  /** And those that do, for inside TLS. Never Kerberos: it would use the worker's own identity. */
  private static final String CLEAR_METHODS = CLOSED_METHODS + ",mysql_clear_password,dialog";

  /**
   * A builder that was made from nothing lacks what the driver needs. With the codecs kept: else
   * the driver searches the class path for them at each login.
   */
  private static final Configuration BASE = parse();

  private static Configuration parse() {
    try {
      return Configuration.parse("jdbc:mariadb://localhost/?cacheCodecs=true");
    } catch (SQLException e) {
      throw new IllegalStateException("MariaDB's driver does not accept its own URL", e);
    }
  }

  @Override
  public List<String> databases() {
    return List.of("");
  }

  @Override
  public Connection logIn(Request request) throws SQLException {
    InstanceConnection instance = request.instance();
    boolean plain = instance.tlsMode() == TlsMode.DISABLED;
    int timeout = Math.toIntExact(request.timeout().toMillis());
    Configuration configuration =
        BASE.toBuilder()
            .addresses(HostAddress.from(request.host(), request.address().getPort()))
            .user(instance.username())
            .password(request.password())
            .socketFactory(PinnedSocketFactory.class.getName())
            .connectTimeout(timeout)
            .socketTimeout(timeout)
            // The driver's own checks are off because MysqlTlsPlugin does them.
            .sslMode(plain ? "disable" : "trust")
            .tlsSocketType(plain ? null : MysqlTlsPlugin.TYPE)
            .restrictedAuth(plain ? CLOSED_METHODS : CLEAR_METHODS)
            // Without TLS caching_sha2_password needs the server's RSA key: see package-info.
            .allowPublicKeyRetrieval(plain)
            // A server must not send the worker to another, nor read its files or key stores.
            .permitRedirect(false)
            .allowLocalInfile(false)
            .allowMultiQueries(false)
            .fallbackToSystemKeyStore(false)
            .fallbackToSystemTrustStore(false)
            .connectionAttributes("program_name:Cadastre")
            .build();
    return Driver.connect(configuration);
  }

  @Override
  public ServerInfo greet(Connection connection, Duration statementLimit)
      throws SQLException, UnsupportedServerException {
    List<String> row = EngineLogin.queryRow(connection, "SELECT VERSION(), @@version_comment");
    ServerInfo server = identify(row.getFirst(), row.getLast());
    prepare(connection, server, statementLimit);
    return server;
  }

  static ServerInfo identify(String version, String comment) throws UnsupportedServerException {
    String lower = (version + " " + comment).toLowerCase(Locale.ROOT);
    for (String other : List.of("tidb", "oceanbase", "singlestore", "memsql", "vitess", "doris")) {
      if (lower.contains(other)) {
        throw new UnsupportedServerException(
            "the server says it is %s (%s), which is neither MySQL nor MariaDB"
                .formatted(comment, version));
      }
    }
    boolean mariaDb = lower.contains("mariadb");
    ServerInfo server = new ServerInfo(mariaDb ? "MariaDB" : "MySQL", version);
    Version minimum = mariaDb ? new Version(10, 6) : new Version(5, 7);
    minimum.require(server);
    return server;
  }

  private static void prepare(Connection connection, ServerInfo server, Duration statementLimit)
      throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.addBatch("SET SESSION TRANSACTION READ ONLY");
      statement.addBatch(
          server.product().equals("MariaDB")
              ? "SET SESSION max_statement_time = " + Math.max(1, statementLimit.toSeconds())
              : "SET SESSION max_execution_time = " + statementLimit.toMillis());
      var _ = statement.executeBatch();
    }
  }
}
