package io.cadastre.benchmarks.register;

import io.cadastre.benchmarks.measuring.ChildJvm;
import io.cadastre.gateway.database.MetadataDatabase;
import io.cadastre.localservers.FreePort;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import io.cadastre.secrets.KeysetFiles;
import io.cadastre.standalone.api.GatewayClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A gateway in a process of its own, with a broker and a PostgreSQL of its own. */
final class Register implements AutoCloseable {

  private static final String ADMIN_PASSWORD = "only for this benchmark";

  private final LocalKafka broker = LocalKafka.start(ServerSettings.temporary());
  private final LocalPostgres postgres = LocalPostgres.start(ServerSettings.temporary());
  private final String database = postgres.createDatabase();
  private final Path keys = Files.createTempDirectory("cadastre-benchmark-keys");
  private final List<ChildJvm> services = new ArrayList<>();
  private final GatewayClient api;

  Register() throws Exception {
    KeysetFiles.generate(keys.resolve("private.json"), keys.resolve("public.json"));
    List.of(keys, keys.resolve("private.json"), keys.resolve("public.json"))
        .forEach(made -> made.toFile().deleteOnExit());
    MetadataDatabase.prepare(
        postgres.jdbcUrl(database),
        postgres.superuser(),
        postgres.password(),
        new MetadataDatabase.Passwords("owner", "gateway", "reader"));
    int port = FreePort.choose("the gateway", 0);
    start(
        "meta-gateway",
        "Started GatewayApplication",
        List.of("-Xmx512m"),
        List.of(
            "--server.port=" + port,
            "--management.server.port=0",
            "--cadastre.database.host=" + postgres.host(),
            "--cadastre.database.port=" + postgres.port(),
            "--cadastre.database.name=" + database,
            "--cadastre.database.owner-password=owner",
            "--cadastre.database.gateway-password=gateway",
            "--cadastre.account.first-admin-password=" + ADMIN_PASSWORD,
            "--cadastre.instance.public-keyset-file=" + keys.resolve("public.json"),
            "--cadastre.instance.loopback-allowed=true"));
    api = GatewayClient.signIn("http://127.0.0.1:" + port, "admin", ADMIN_PASSWORD);
  }

  /** Starts the discovery service beside it. */
  ChildJvm discovery(List<String> jvm) throws Exception {
    return start(
        "discovery-service",
        "Started DiscoveryApplication",
        jvm,
        List.of(
            "--server.port=0",
            "--cadastre.instance-access.private-keyset-file=" + keys.resolve("private.json"),
            "--cadastre.instance-access.loopback-allowed=true"));
  }

  private ChildJvm start(
      String module, String readyWhen, List<String> jvm, List<String> programArguments)
      throws Exception {
    List<String> arguments = new ArrayList<>(jvm);
    arguments.addAll(List.of("-jar", ChildJvm.serviceJar(module).toString()));
    arguments.addAll(programArguments);
    arguments.add("--cadastre.kafka.bootstrap-servers=" + broker.bootstrapServers());
    ChildJvm service = ChildJvm.start(module, arguments, readyWhen);
    services.add(service);
    return service;
  }

  GatewayClient api() {
    return api;
  }

  String bootstrapServers() {
    return broker.bootstrapServers();
  }

  /** To the metadata, as one who may do anything. */
  Connection connect() throws SQLException {
    return DriverManager.getConnection(
        postgres.jdbcUrl(database) + "?currentSchema=cadastre",
        postgres.superuser(),
        postgres.password());
  }

  @Override
  public void close() {
    services.reversed().forEach(ChildJvm::close);
    broker.close();
    postgres.close();
  }
}
