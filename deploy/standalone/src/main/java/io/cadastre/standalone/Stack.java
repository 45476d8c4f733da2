package io.cadastre.standalone;

import io.cadastre.discovery.DiscoveryApplication;
import io.cadastre.gateway.GatewayApplication;
import io.cadastre.gateway.database.MetadataDatabase;
import io.cadastre.kv.compaction.Retention;
import io.cadastre.kv.serve.KvServer;
import io.cadastre.kv.serve.KvSettings;
import io.cadastre.localservers.FreePort;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import io.cadastre.secrets.KeysetFiles;
import io.cadastre.size.SizeCollectorApplication;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Kafka, PostgreSQL and the services, started side by side as far as they allow. */
final class Stack {
  static final String DATABASE = "cadastre";

  /** Of the data directory. */
  static final String POSTGRES_DIRECTORY = "postgres";

  private static final int POSTGRES_PORT = 15432;
  private static final int OPERATIONS_PORT = 8081;
  private static final int DISCOVERY_PORT = 8082;
  private static final int SIZES_PORT = 8083;

  private final DataDirectory data;
  private final CommandLine.Start wanted;
  private final Credentials credentials;
  private final Timings timings;
  private final Screen screen;
  private final Running running;

  /** Where what has started is reached. */
  record Addresses(int console, Operations operations, int kafka, int postgres, int kv) {
    String consoleUrl() {
      return "http://127.0.0.1:" + console;
    }
  }

  /** Ports of health and metrics, of each service. */
  record Operations(int gateway, int discovery, int sizes) {}

  Stack(
      DataDirectory data,
      CommandLine.Start wanted,
      Credentials credentials,
      Timings timings,
      Screen screen,
      Running running) {
    this.data = data;
    this.wanted = wanted;
    this.credentials = credentials;
    this.timings = timings;
    this.screen = screen;
    this.running = running;
  }

  /** Returns when all of it has started. */
  Addresses start() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      var kafka = async(threads, "Kafka", this::kafka);
      var postgres = async(threads, "PostgreSQL", this::postgres);
      var keys = async(threads, "keys", this::keys);
      int console = port("the console", wanted.port());
      var operations =
          new Operations(
              port("the gateway's health and metrics page", OPERATIONS_PORT),
              port("discovery's health and metrics page", DISCOVERY_PORT),
              port("size collection's health and metrics page", SIZES_PORT));
      var gateway =
          async(
              threads,
              "gateway",
              () ->
                  gateway(
                      console, operations.gateway(), kafka.join(), postgres.join(), keys.join()));
      var discovery =
          async(
              threads,
              "discovery",
              () -> discovery(operations.discovery(), kafka.join(), keys.join()));
      var sizes =
          async(
              threads,
              "size collection",
              () -> sizes(operations.sizes(), kafka.join(), keys.join()));
      var kv = async(threads, "key-value store", this::kv);
      CompletableFuture.allOf(gateway, discovery, sizes, kv).join();
      return new Addresses(
          console, operations, kafka.join().port(), postgres.join().port(), kv.join().port());
    } catch (CompletionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private <T> CompletableFuture<T> async(ExecutorService threads, String name, Callable<T> work) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return timings.time(name, work);
          } catch (CompletionException e) {
            throw e;
          } catch (Exception e) {
            throw new CompletionException(e);
          }
        },
        threads);
  }

  private LocalKafka kafka() {
    var kafka = LocalKafka.startInside(settings("kafka", wanted.kafkaPort()));
    screen.portTaken("Kafka", wanted.kafkaPort(), kafka.port());
    return running.add(Running.Rank.KAFKA, "Kafka", kafka);
  }

  private LocalPostgres postgres() throws SQLException {
    var postgres = LocalPostgres.start(settings(POSTGRES_DIRECTORY, POSTGRES_PORT));
    screen.portTaken("PostgreSQL", POSTGRES_PORT, postgres.port());
    running.add(Running.Rank.DATABASE, "PostgreSQL", postgres);
    createDatabase(postgres);
    MetadataDatabase.prepare(
        postgres.jdbcUrl(DATABASE),
        postgres.superuser(),
        postgres.password(),
        credentials.database());
    return postgres;
  }

  private static void createDatabase(LocalPostgres postgres) throws SQLException {
    try (var connection =
            DriverManager.getConnection(
                postgres.jdbcUrl("postgres"), postgres.superuser(), postgres.password());
        var statement = connection.createStatement()) {
      try (var found =
          statement.executeQuery("SELECT FROM pg_database WHERE datname = '" + DATABASE + "'")) {
        if (found.next()) {
          return;
        }
      }
      statement.execute("CREATE DATABASE " + DATABASE);
    }
  }

  private ServerSettings settings(String name, int port) {
    var settings =
        data.temporary() ? ServerSettings.temporary() : ServerSettings.keptIn(data.resolve(name));
    return settings.withPort(port);
  }

  private Keysets keys() throws IOException {
    var keysets = new Keysets(data.resolve("keys/private.json"), data.resolve("keys/public.json"));
    if (!Files.exists(keysets.privateFile())) {
      // Without its private half the public one is of no use.
      Files.deleteIfExists(keysets.publicFile());
      KeysetFiles.generate(keysets.privateFile(), keysets.publicFile());
    }
    return keysets;
  }

  private record Keysets(Path privateFile, Path publicFile) {}

  private ServiceContext gateway(
      int console, int operations, LocalKafka kafka, LocalPostgres postgres, Keysets keys) {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("server.port", console);
    settings.put("management.server.port", operations);
    settings.put("management.server.address", "127.0.0.1");
    settings.put("cadastre.kafka.bootstrap-servers", kafka.bootstrapServers());
    settings.put("cadastre.database.host", postgres.host());
    settings.put("cadastre.database.port", postgres.port());
    settings.put("cadastre.database.name", DATABASE);
    settings.put("cadastre.database.owner-password", credentials.database().owner());
    settings.put("cadastre.database.gateway-password", credentials.database().gateway());
    settings.put("cadastre.instance.public-keyset-file", keys.publicFile());
    // As the workers do: what there is to register on this machine is on this machine.
    settings.put("cadastre.instance.loopback-allowed", true);
    credentials
        .firstAdminPassword()
        .ifPresent(password -> settings.put("cadastre.account.first-admin-password", password));
    return running.add(
        Running.Rank.GATEWAY,
        "gateway",
        ServiceContext.gateway(GatewayApplication.builder(), settings));
  }

  private ServiceContext discovery(int port, LocalKafka kafka, Keysets keys) {
    return running.add(
        Running.Rank.WORKER,
        "discovery",
        ServiceContext.worker(DiscoveryApplication.builder(), worker(port, kafka, keys)));
  }

  private ServiceContext sizes(int port, LocalKafka kafka, Keysets keys) {
    return running.add(
        Running.Rank.WORKER,
        "size collection",
        ServiceContext.worker(SizeCollectorApplication.builder(), worker(port, kafka, keys)));
  }

  private Map<String, Object> worker(int port, LocalKafka kafka, Keysets keys) {
    return Map.of(
        "server.port",
        port,
        "cadastre.kafka.bootstrap-servers",
        kafka.bootstrapServers(),
        "cadastre.instance-access.private-keyset-file",
        keys.privateFile(),
        // On one machine for trying things, the servers to look at are on this machine as well.
        "cadastre.instance-access.loopback-allowed",
        true);
  }

  /** A member that is a cluster of its own: nothing here uses it yet, who tries it does. */
  private KvServer kv() throws IOException {
    int port = port("the key-value store", wanted.kvPort());
    var settings =
        new KvSettings(
            "standalone",
            data.resolve("kv"),
            new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port),
            List.of(),
            false,
            KvSettings.DEFAULT_QUOTA_BYTES,
            new Retention.Everything());
    return running.add(Running.Rank.KEY_VALUE_STORE, "key-value store", KvServer.start(settings));
  }

  private int port(String name, int wantedPort) {
    int port = FreePort.choose(name, wantedPort);
    screen.portTaken(name, wantedPort, port);
    return port;
  }
}
