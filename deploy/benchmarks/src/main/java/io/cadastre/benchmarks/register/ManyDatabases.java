package io.cadastre.benchmarks.register;

import static io.cadastre.benchmarks.measuring.Rounds.seconds;

import io.cadastre.benchmarks.measuring.ChildJvm;
import io.cadastre.benchmarks.measuring.Rounds;
import io.cadastre.benchmarks.measuring.Table;
import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.localservers.ServerSettings;
import io.cadastre.standalone.api.GatewayClient;
import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.postgresql.PGConnection;
import tools.jackson.databind.JsonNode;

/** Fifty thousand databases on one instance: listed, published, applied. */
public final class ManyDatabases {

  private static final int DATABASES = Integer.getInteger("cadastre.databases", 50_000);
  private static final int ROUNDS = Integer.getInteger("cadastre.rounds", 5);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String BARE = "driver lists, one COPY into a table";
  private static final String ADDED = "sync-databases, all of them new";
  private static final String AGAIN = "sync-databases, none changed";

  private final Register register;
  private final LocalMariaDb server;
  private final String instance;

  private ManyDatabases(Register register, LocalMariaDb server) throws Exception {
    this.register = register;
    this.server = server;
    instance =
        register
            .api()
            .post(
                "/api/v1/instances",
                Map.of(
                    "name",
                    "many",
                    "engine",
                    "mysql",
                    "host",
                    "127.0.0.1",
                    "port",
                    server.port(),
                    "username",
                    server.username(),
                    "password",
                    server.password(),
                    "tls",
                    Map.of("mode", "disabled")))
            .path("id")
            .asString();
  }

  /** Prints the table. */
  public static void run() throws Exception {
    try (LocalMariaDb server = LocalMariaDb.start(ServerSettings.temporary());
        Register register = new Register()) {
      fill(server);
      ChildJvm discovery = register.discovery(List.of("-Xmx256m"));
      ManyDatabases benchmark = new ManyDatabases(register, server);
      try (Connection metadata = register.connect();
          Statement statement = metadata.createStatement()) {
        statement.execute("CREATE TABLE bare (name text, character_set text, collation_name text)");
      }
      print(
          new Rounds()
              .leg(BARE, benchmark::bare)
              .leg(ADDED, benchmark::added)
              .leg(AGAIN, benchmark::again)
              .warmUp(2)
              .run(ROUNDS),
          discovery);
    }
  }

  private static void fill(LocalMariaDb server) throws SQLException {
    System.err.printf("creating %d databases%n", DATABASES);
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(""), server.username(), server.password());
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < DATABASES; i++) {
        statement.execute("CREATE DATABASE customer_%05d".formatted(i));
      }
    }
  }

  private Duration bare() throws SQLException, IOException {
    long start = System.nanoTime();
    StringBuilder rows = new StringBuilder();
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(""), server.username(), server.password());
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME"
                    + " FROM information_schema.SCHEMATA")) {
      while (row.next()) {
        rows.append(row.getString(1)).append('\t').append(row.getString(2));
        rows.append('\t').append(row.getString(3)).append('\n');
      }
    }
    try (Connection metadata = register.connect()) {
      metadata
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn("COPY bare FROM STDIN", new StringReader(rows.toString()));
    }
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** As on the first day: the register has forgotten them all. */
  private Duration added() throws Exception {
    try (Connection metadata = register.connect();
        Statement statement = metadata.createStatement()) {
      statement.execute("DELETE FROM instance_databases");
    }
    return sync("databases_added");
  }

  private Duration again() throws IOException, InterruptedException {
    return sync("databases_found");
  }

  /** From the request to the answer that all of it is in the register. */
  private Duration sync(String counted) throws IOException, InterruptedException {
    GatewayClient api = register.api();
    long start = System.nanoTime();
    JsonNode operation =
        api.postAndWait("/api/v1/instances/" + instance + "/sync-databases", PATIENCE);
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    if (operation.path("result").path(counted).asInt() < DATABASES) {
      throw new IOException("not all of them: " + operation);
    }
    return taken;
  }

  private static void print(Rounds rounds, ChildJvm discovery) throws IOException {
    Table table =
        new Table(
            DATABASES + " databases on one instance", "median", "all rounds", "aim", "times bare");
    for (String leg : List.of(BARE, ADDED, AGAIN)) {
      table.row(
          leg,
          seconds(rounds.median(leg)),
          rounds.times(leg),
          leg.equals(BARE) ? "" : "under 10 s",
          leg.equals(BARE) ? "" : "%.1f".formatted(rounds.ratio(leg, BARE)));
    }
    table.print(
        "discovery-service with -Xmx256m had at most %d MiB resident"
            .formatted(discovery.peakMebibytes()));
  }
}
