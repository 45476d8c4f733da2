package io.cadastre.benchmarks.instances;

import io.cadastre.benchmarks.measuring.ChildJvm;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import io.cadastre.secrets.KeysetFiles;
import io.cadastre.secrets.SecretSealer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A MariaDB and a PostgreSQL server with some databases each, which look like a thousand servers 20
 * ms away, and addresses that accept connections and never answer.
 */
final class Fleet implements AutoCloseable {

  static final int ROUND_TRIP_MILLIS = 20;
  static final int DATABASES = 30;
  private static final String CONNECTIONS = "1200";

  private final LocalMariaDb mariaDb =
      LocalMariaDb.start(ServerSettings.temporary().withOption("max-connections", CONNECTIONS));
  private final LocalPostgres postgres =
      LocalPostgres.start(ServerSettings.temporary().withOption("max_connections", CONNECTIONS));
  private final Path keys = Files.createTempDirectory("cadastre-benchmark-keys");
  private final SecretSealer sealer;
  private final ChildJvm proxy;
  private final List<Integer> ports;

  Fleet() throws Exception {
    KeysetFiles.generate(privateKeyset(), keys.resolve("public.json"));
    List.of(keys, privateKeyset(), keys.resolve("public.json"))
        .forEach(made -> made.toFile().deleteOnExit());
    sealer = SecretSealer.read(keys.resolve("public.json"));
    createDatabases(mariaDb.jdbcUrl(""), mariaDb.username(), mariaDb.password());
    createDatabases(postgres.jdbcUrl("postgres"), postgres.superuser(), postgres.password());
    proxy =
        ChildJvm.start(
            "latency-proxy",
            List.of(
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                LatencyProxy.class.getName(),
                Integer.toString(ROUND_TRIP_MILLIS),
                Integer.toString(mariaDb.port()),
                Integer.toString(postgres.port()),
                "0"),
            LatencyProxy.READY);
    ports = List.of(proxy.readyLine().split(" ")).stream().skip(1).map(Integer::valueOf).toList();
  }

  private static void createDatabases(String url, String user, String password)
      throws SQLException {
    try (Connection connection = DriverManager.getConnection(url, user, password);
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < DATABASES; i++) {
        statement.execute("CREATE DATABASE shop_" + i);
      }
    }
  }

  /** Half of them MariaDB, half PostgreSQL, in turn; ids from 1. */
  List<InstanceConnection> instances(int count) {
    return LongStream.rangeClosed(1, count)
        .mapToObj(id -> id % 2 == 0 ? mariaDb(id) : postgres(id))
        .toList();
  }

  /** They accept connections and never say a word; ids from {@code firstId}. */
  List<InstanceConnection> hanging(int count, long firstId) {
    return LongStream.range(firstId, firstId + count)
        .mapToObj(id ->
            connection(id, id % 2 == 0 ? Engine.MYSQL : Engine.POSTGRESQL, ports.get(2), "u", "p"))
        .toList();
  }

  private InstanceConnection mariaDb(long id) {
    return connection(id, Engine.MYSQL, ports.get(0), mariaDb.username(), mariaDb.password());
  }

  private InstanceConnection postgres(long id) {
    return connection(
        id, Engine.POSTGRESQL, ports.get(1), postgres.superuser(), postgres.password());
  }

  private InstanceConnection connection(
      long id, Engine engine, int port, String user, String password) {
    String host = "127.0.%d.%d".formatted(1 + id / 250, 1 + id % 250);
    return new InstanceConnection(
        id,
        engine,
        host,
        port,
        user,
        sealer.seal(password, InstanceConnection.secretContext(id)),
        TlsMode.DISABLED,
        null);
  }

  String password(Engine engine) {
    return switch (engine) {
      case MYSQL -> mariaDb.password();
      case POSTGRESQL -> postgres.password();
    };
  }

  Path privateKeyset() {
    return keys.resolve("private.json");
  }

  @Override
  public void close() {
    proxy.close();
    mariaDb.close();
    postgres.close();
  }
}
