package io.cadastre.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.standalone.api.GatewayClient;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class StandaloneTest {
  private static final Duration WAIT = Duration.ofMinutes(1);
  private static final ByteString KEY = ByteString.copyFromUtf8("greeting");
  private static final PutRequest PUT = PutRequest.newBuilder().setKey(KEY).build();
  private static final RangeRequest RANGE = RangeRequest.newBuilder().setKey(KEY).build();

  @TempDir private Path folder;

  @Test
  void whatIsRegisteredIsFoundMeasuredAndKeptOverRestartsAndKills() throws Exception {
    Path data = folder.resolve("data");
    String first = registersFindsAndMeasures(data);

    String reset = Child.run(0, folder, "reset-password", "--data", data.toString());
    String second = password(reset);

    try (var child = Child.start(folder, up(data)).awaitUp()) {
      assertThat(child.firstPassword()).isEmpty();
      assertThat(child.said()).contains("./cadastre reset-password --data " + data);
      assertThatThrownBy(() -> child.signIn(first)).hasMessageContaining("401");
      assertThat(theInstance(child.signIn(second)).path("database_count").asInt()).isPositive();

      assertThat(Child.run(1, folder, up(data)))
          .contains("already running on " + data.toRealPath(), child.console(), "--data DIR");

      String third = password(Child.run(0, folder, "reset-password", "--data", data.toString()));
      assertThat(theInstance(child.signIn(third)).path("name").asString()).isEqualTo("orders");
      child.kill();

      try (var next = Child.start(folder, up(data)).awaitUp()) {
        var admin = next.signIn(third);
        assertThat(sync(admin, theInstance(admin)).path("status").asString())
            .isEqualTo("succeeded");
        next.stop();
      }
    }
  }

  private String registersFindsAndMeasures(Path data) throws Exception {
    try (var taken = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        var child =
            Child.start(
                folder,
                "up",
                "--data",
                data.toString(),
                "--port",
                String.valueOf(taken.getLocalPort()))) {
      child.awaitUp();
      assertThat(child.said())
          .contains("Port %d is taken: the console uses port ".formatted(taken.getLocalPort()));
      String password = child.firstPassword().orElseThrow();
      var admin = child.signIn(password);
      var server = LocalPostgres.shared();
      String name = server.createDatabase();
      var operation = sync(admin, register(admin, server));
      assertThat(operation.path("status").asString()).as("%s", operation).isEqualTo("succeeded");
      assertThat(operation.path("result").path("total_size_bytes").asLong()).isPositive();
      var databases =
          admin.items(
              "/api/v1/instances/" + theInstance(admin).path("id").asString() + "/databases");
      assertThat(databases)
          .filteredOn(database -> database.path("name").asString().equals(name))
          .singleElement()
          .satisfies(database ->
              assertThat(database.path("size_bytes").asLong()).isGreaterThan(1_000_000));
      child.stop();
      return password;
    }
  }

  @Test
  void theDemoShowsWhatItFoundAndComesBackWithIt() throws Exception {
    try (var child =
        Child.start(folder, "demo", "--port", "0", "--kafka-port", "0", "--kv-port", "0")
            .awaitUp()) {
      assertThat(child.said())
          .containsPattern("demo-mariadb +shop_eu +[0-9.]+ MB")
          .containsPattern("demo-postgresql +payroll +not measured +the account has neither")
          .containsPattern("2 instances +[0-9]+ databases, [0-9]+ of the system +[0-9.]+ MB");
      child.signIn(child.firstPassword().orElseThrow());
      child.stop();
    }
    assertThat(folder.resolve("data/demo")).isDirectory();

    try (var child =
        Child.start(folder, "demo", "--port", "0", "--kafka-port", "0", "--kv-port", "0")
            .awaitUp()) {
      assertThat(child.said()).containsPattern("2 instances +[0-9]+ databases");
      assertThat(child.firstPassword()).isEmpty();
      // What there is in the register is counted now and then.
      await()
          .atMost(WAIT.multipliedBy(3))
          .untilAsserted(() ->
              assertThat(NamedMetrics.exposedAt(child.metricsPages()))
                  .containsAll(NamedMetrics.inRulesAndDashboards()));
      child.stop();
    }
  }

  @Test
  void whatIsToldToStopWhileItStartsLeavesNothingBehind() throws Exception {
    Path data = folder.resolve("data");
    try (var child = Child.start(folder, up(data))) {
      child.awaitSaid("Cadastre is starting");
      child.end();
      assertThat(child.said()).doesNotContain("could not start");
    }
    // What creates a server's data ends by itself a moment later.
    await()
        .atMost(WAIT)
        .untilAsserted(() -> assertThat(commands()).noneMatch(it -> it.contains(data.toString())));
  }

  @Test
  void threeMembersOfTheKeyValueStoreAgreeAndEndTogether() throws Exception {
    String data = folder.resolve("keys").toString();
    try (var child = Child.start(folder, "kv", "--data", data)) {
      child.awaitSaid("Ctrl-C stops all three.");
      assertThat(kv(child, "m1", KVGrpc.KVBlockingStub::put, PUT).getHeader().getRevision())
          .isEqualTo(2);
      assertThat(kv(child, "m3", KVGrpc.KVBlockingStub::range, RANGE).getKvsList())
          .singleElement()
          .satisfies(found -> assertThat(found.getModRevision()).isEqualTo(2));
      child.end();
    }
    assertThat(commands()).noneMatch(it -> it.contains(data));
  }

  private static <Q, A> A kv(
      Child child, String member, BiFunction<KVGrpc.KVBlockingStub, Q, A> call, Q request)
      throws IOException {
    var address =
        Pattern.compile(member + " +http://(127\\.0\\.0\\.1:[0-9]+)").matcher(child.said());
    assertThat(address.find()).isTrue();
    var channel = NettyChannelBuilder.forTarget(address.group(1)).usePlaintext().build();
    try {
      return call.apply(KVGrpc.newBlockingStub(channel).withDeadlineAfter(WAIT), request);
    } finally {
      var _ = channel.shutdownNow();
    }
  }

  @Test
  void aWrongArgumentOrDirectoryIsAnsweredInALine() throws IOException {
    assertThat(Child.run(2, folder, "start")).startsWith("command: start (allowed: ");
    Path file = Files.createFile(folder.resolve("file"));
    assertThat(Child.run(2, folder, "up", "--data", file.toString()))
        .startsWith(file + ": a file (expected: a directory)");
    assertThat(Child.run(2, folder, "reset-password"))
        .startsWith(folder.resolve("data/demo") + ": no data of Cadastre there");
  }

  private static List<String> commands() {
    return ProcessHandle.allProcesses()
        .flatMap(process -> process.info().commandLine().stream())
        .toList();
  }

  private static String[] up(Path data) {
    return new String[] {
      "up", "--data", data.toString(), "--port", "0", "--kafka-port", "0", "--kv-port", "0"
    };
  }

  private static JsonNode register(GatewayClient admin, LocalPostgres server) throws Exception {
    return admin.post(
        "/api/v1/instances",
        Map.of(
            "name", "orders",
            "engine", "postgresql",
            "host", server.host(),
            "port", server.port(),
            "username", server.superuser(),
            "password", server.password(),
            "tls", Map.of("mode", "disabled")));
  }

  private static JsonNode sync(GatewayClient admin, JsonNode instance) throws Exception {
    return admin.postAndWait(
        "/api/v1/instances/" + instance.path("id").asString() + "/sync-all", WAIT);
  }

  private static JsonNode theInstance(GatewayClient admin) throws Exception {
    List<JsonNode> instances = admin.items("/api/v1/instances");
    assertThat(instances).hasSize(1);
    return instances.getFirst();
  }

  private static String password(String said) {
    var matcher = Pattern.compile("new password: ([a-z0-9-]+)\\R").matcher(said);
    assertThat(matcher.find()).as(said).isTrue();
    return matcher.group(1);
  }
}
