package io.cadastre.standalone.demo;

import io.cadastre.standalone.api.GatewayClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;

/** The two demo servers, filled, growing, and what the register finds on them. */
public final class Demo implements AutoCloseable {
  private final List<DemoServer> servers;
  private final String password;
  private final List<Growth> growing = new ArrayList<>();

  private Demo(List<DemoServer> servers, String password) {
    this.servers = servers;
    this.password = password;
  }

  /** Which ports the servers would like. */
  public record Ports(int mariaDb, int postgres) {}

  /** Which port a server got, where it is not the one it would have liked. */
  public interface PortTaken {
    /** Says so. */
    void say(String name, int wanted, int taken);
  }

  /**
   * Starts both, and fills them where that has not been done.
   *
   * @param password of the account that Cadastre looks with
   */
  public static Demo start(Path directory, Ports ports, String password, PortTaken taken)
      throws Exception {
    try (var threads = Executors.newFixedThreadPool(2)) {
      var mariaDb =
          threads.submit(() ->
              prepared(
                  DemoServer.MariaDb.start(directory.resolve("mariadb"), ports.mariaDb()),
                  directory.resolve("mariadb.filled"),
                  password));
      var postgres =
          threads.submit(() ->
              prepared(
                  DemoServer.Postgres.start(directory.resolve("postgresql"), ports.postgres()),
                  directory.resolve("postgresql.filled"),
                  password));
      var demo = new Demo(List.of(mariaDb.get(), postgres.get()), password);
      taken.say("the demo's MariaDB", ports.mariaDb(), mariaDb.get().port());
      taken.say("the demo's PostgreSQL", ports.postgres(), postgres.get().port());
      return demo;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }

  private static DemoServer prepared(DemoServer server, Path filled, String password)
      throws Exception {
    try {
      new Population(server, filled).ensure();
      try (var connection = server.connect("")) {
        server.createAccount(connection, password);
      }
      return server;
    } catch (Exception e) {
      server.close();
      throw e;
    }
  }

  /** Measures every minute, so that a chart of sizes soon has something to show. */
  public static void measureOften(GatewayClient admin) throws IOException, InterruptedException {
    admin.put(
        "/api/v1/schedules/sizes",
        Map.of(
            "cron",
            "* * * * *",
            "time_zone",
            "UTC",
            "spread_minutes",
            0,
            "parallel",
            4,
            "enabled",
            true));
  }

  /** Registers both servers, finds and measures their databases, and prints them. */
  public void show(GatewayClient gateway, PrintStream out)
      throws IOException, InterruptedException {
    var registration = new Registration(gateway);
    var table = new FoundTable();
    for (DemoServer server : servers) {
      JsonNode instance = registration.register(server, password);
      JsonNode operation = registration.sync(instance);
      String status = operation.path("status").asString();
      if (!status.equals("succeeded") && !status.equals("completed_with_errors")) {
        out.println("  " + server.name() + ": the first sync is " + status + ": " + operation);
      }
      for (JsonNode database : registration.databases(instance)) {
        table.add(server.name(), database);
      }
    }
    table.print(out);
  }

  /** Lets some of the databases grow. */
  public void grow() {
    servers.forEach(server -> growing.add(Growth.start(server)));
  }

  @Override
  public void close() {
    growing.forEach(Growth::close);
    servers.parallelStream().forEach(DemoServer::close);
  }
}
