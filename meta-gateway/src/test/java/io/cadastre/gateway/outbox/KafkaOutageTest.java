package io.cadastre.gateway.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Command;
import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Event;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.Visibility;
import io.cadastre.gateway.fixture.AnotherGateway;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.Register;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** A gateway with a broker of its own, which is killed. */
class KafkaOutageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Instant AT = Instant.parse("2026-11-21T03:00:00Z");

  @Test
  void theGatewayStartsWithoutKafkaTakesWorkAndDoesItOnceKafkaIsThere(@TempDir Path folder) {
    try (LocalKafka kafka = LocalKafka.start(ServerSettings.keptIn(folder))) {
      kafka.kill();
      Register register = Register.on(LocalPostgres.shared(), kafka.bootstrapServers());
      try (AnotherGateway gateway = AnotherGateway.start(register)) {
        WebTestClient operator = gateway.api().operator();
        assertReadiness(gateway, 503, "kafka");
        assertThat(status(gateway, "/actuator/health/liveness")).isEqualTo(200);

        List<Long> instances = IntStream.range(0, 30).mapToObj(_ -> register.instance()).toList();
        requested(operator, instances.getFirst());
        await().until(() -> unacknowledged(gateway) > 0);
        // On every event loop at once: none of them may wait for Kafka.
        List<String> operations = together(instances, instance -> requested(operator, instance));
        assertThat(register.number("SELECT count(*) FROM outbox")).isEqualTo(30);

        kafka.restart();
        try (FakeWorker worker = new FakeWorker(kafka.bootstrapServers())) {
          instances.forEach(instance -> worker.script(instance, KafkaOutageTest::twoDatabases));
          await()
              .atMost(PATIENCE)
              .untilAsserted(() ->
                  assertThat(operations)
                      .allSatisfy(id -> assertThat(statusOf(operator, id)).isEqualTo("succeeded")));
        }
        assertThat(register.number("SELECT count(*) FROM outbox")).isZero();
        await().atMost(PATIENCE).untilAsserted(() -> assertReadiness(gateway, 200, "kafka"));
      }
    }
  }

  private static <T, R> List<R> together(List<T> all, Function<T, R> action) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return all.stream()
          .map(each -> CompletableFuture.supplyAsync(() -> action.apply(each), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }

  private static double unacknowledged(AnotherGateway gateway) {
    return gateway
        .bean(MeterRegistry.class)
        .get("cadastre.messages.unacknowledged")
        .gauge()
        .value();
  }

  private static void assertReadiness(AnotherGateway gateway, int status, String component) {
    WebTestClient.bindToServer()
        .baseUrl("http://127.0.0.1:" + gateway.api().managementPort())
        .build()
        .get()
        .uri("/actuator/health/readiness")
        .exchange()
        .expectStatus()
        .isEqualTo(status)
        .expectBody()
        .jsonPath("$.components." + component + ".status")
        .isEqualTo(status == 200 ? "UP" : "DOWN");
  }

  private static int status(AnotherGateway gateway, String uri) {
    return WebTestClient.bindToServer()
        .baseUrl("http://127.0.0.1:" + gateway.api().managementPort())
        .build()
        .get()
        .uri(uri)
        .exchange()
        .returnResult(Void.class)
        .getStatus()
        .value();
  }

  private static String requested(WebTestClient operator, long instance) {
    return Objects.requireNonNull(
            operator
                .post()
                .uri("/api/v1/instances/{id}/sync-databases", instance)
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody())
        .get("id")
        .asString();
  }

  private static String statusOf(WebTestClient client, String operation) {
    return read(client, "/api/v1/operations/" + operation).get("status").asString();
  }

  private static JsonNode read(WebTestClient client, String uri) {
    return Objects.requireNonNull(
        client
            .get()
            .uri(uri)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(JsonNode.class)
            .returnResult()
            .getResponseBody());
  }

  private static List<Event> twoDatabases(Command command) {
    return List.of(
        new DatabasesDiscovered(
            command.instance().instanceId(),
            command.scan(),
            Part.ONLY,
            Engine.POSTGRESQL,
            new ServerInfo("PostgreSQL", "18.1"),
            Visibility.COMPLETE,
            null,
            2,
            AT,
            AT.plusSeconds(command.scan().scanNumber()),
            List.of(entry("shop"), entry("crm"))));
  }

  private static DatabaseEntry entry(String name) {
    return new DatabaseEntry(name, false, null, "C", "o", "UTF8", null, false, true);
  }
}
