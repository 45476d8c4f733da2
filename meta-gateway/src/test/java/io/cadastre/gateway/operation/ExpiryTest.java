package io.cadastre.gateway.operation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Command;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Operations that nobody answers in time. */
@GatewayTest
class ExpiryTest {

  private static final FakeWorker WORKER = new FakeWorker();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Api api;

  ExpiryTest(Api api) {
    this.api = api;
  }

  @AfterAll
  static void stop() {
    WORKER.close();
  }

  @Test
  void moreThanOneReadOfThemExpireTogether() {
    List<String> operations =
        IntStream.range(0, 70).mapToObj(_ -> requested(Instances.register())).toList();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(operations).map(this::statusOf).containsOnly("running"));
    expire(operations);
    await()
        .atMost(PATIENCE)
        .untilAsserted(() -> assertThat(operations).map(this::statusOf).containsOnly("expired"));
  }

  @Test
  void aResultInPartsThatComesTooLateIsKeptAllTheSame() {
    long instance = Instances.register();
    Queue<Command> commands = new ConcurrentLinkedQueue<>();
    WORKER.script(
        instance,
        command -> {
          commands.add(command);
          return List.of();
        });
    String operation = requested(instance);
    await().atMost(PATIENCE).until(() -> !commands.isEmpty());
    List<ScanEvent> answers = Answers.of(commands.element(), "a", "b", "c");
    expire(List.of(operation));
    await().atMost(PATIENCE).until(() -> statusOf(operation).equals("expired"));

    answers.forEach(WORKER::send);
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> assertThat(read(operation).at("/result/saved_count").asInt()).isEqualTo(3));
    assertThat(statusOf(operation)).isEqualTo("expired");
    assertThat(read(operation).at("/progress/done").asInt()).isEqualTo(3);
  }

  private static void expire(List<String> operations) {
    Instances.execute(
        "UPDATE operation SET expires_at = now() - interval '1 s' WHERE id IN ('%s')"
            .formatted(String.join("','", operations)));
  }

  private String requested(long instance) {
    return Api.body(
            api.operator()
                .post()
                .uri("/api/v1/instances/{id}/sync-database-sizes", instance)
                .exchange()
                .expectStatus()
                .isAccepted())
        .get("id")
        .asString();
  }

  private String statusOf(String operation) {
    return read(operation).get("status").asString();
  }

  private JsonNode read(String operation) {
    return Api.body(
        api.viewer()
            .get()
            .uri("/api/v1/operations/{id}", operation)
            .exchange()
            .expectStatus()
            .isOk());
  }
}
