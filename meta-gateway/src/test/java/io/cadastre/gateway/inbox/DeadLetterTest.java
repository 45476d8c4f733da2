package io.cadastre.gateway.inbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.Command;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.contracts.events.Topic;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import io.cadastre.gateway.fixture.Published;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Messages that the gateway cannot take in. */
@GatewayTest
class DeadLetterTest {

  private final Api api;

  DeadLetterTest(Api api) {
    this.api = api;
  }

  @Test
  void poisonIsPutAsideWithItsReasonAndWhatComesBehindItIsTakenIn() {
    long instance = Instances.register();
    try (FakeWorker worker = new FakeWorker()) {
      worker.sendRaw(
          Topic.SIZES_COLLECTED, Long.toString(instance), "io.cadastre.SizesCollected.v1", "null");
      UUID nobodysScan = UUID.randomUUID();
      Answers.of(command(instance, nobodysScan), "a").forEach(worker::send);
      worker.script(instance, command -> Answers.of(command, "a", "b"));
      api.operator()
          .post()
          .uri("/api/v1/instances/{id}/sync-database-sizes", instance)
          .header("Prefer", "wait=60")
          .exchange()
          .expectStatus()
          .isOk()
          .expectBody()
          .jsonPath("$.status")
          .isEqualTo("succeeded");

      awaitReasons(
          instance,
          reasons ->
              assertThat(reasons)
                  .hasSize(2)
                  .anyMatch(reason -> reason.endsWith("data: null (allowed: an object)"))
                  .anyMatch(reason ->
                      reason.equals(
                          "rejected: there is no scan %s of instance %d"
                              .formatted(nobodysScan, instance))));
    }
  }

  @Test
  void aWorkerWhoseClockIsWrongChangesNothing() {
    long instance = Instances.register();
    Instant tomorrow = Instant.now().plus(Duration.ofDays(1)).truncatedTo(ChronoUnit.MILLIS);
    try (FakeWorker worker = new FakeWorker()) {
      worker.script(instance, command -> Answers.at(tomorrow, command, "a", "b"));
      for (String path : List.of("sync-databases", "sync-database-sizes")) {
        api.operator()
            .post()
            .uri("/api/v1/instances/{id}/" + path, instance)
            .exchange()
            .expectStatus()
            .isAccepted();
      }
      awaitReasons(
          instance,
          reasons ->
              assertThat(reasons)
                  .anyMatch(reason -> reason.startsWith("rejected: finished_at: " + tomorrow))
                  .anyMatch(reason -> reason.startsWith("rejected: collected_at: " + tomorrow)));
    }
    assertThat(
            Instances.text(
                "SELECT count(*) FROM instance_databases WHERE instance_id = " + instance))
        .isEqualTo("0");
  }

  private static void awaitReasons(long instance, Consumer<List<String>> assertion) {
    List<String> reasons = new ArrayList<>();
    Published.read(
        List.of(Topic.deadLetters("cadastre-meta-gateway")),
        letter -> {
          if (new String(letter.key(), StandardCharsets.UTF_8).equals(Long.toString(instance))) {
            reasons.add(header(letter, "cadastre_dead_letter_reason"));
          }
        },
        () -> assertion.accept(reasons));
  }

  private static Command command(long instance, UUID scan) {
    return new CollectSizes(
        new InstanceConnection(
            instance, Engine.POSTGRESQL, "localhost", 5432, "u", null, TlsMode.DISABLED, null),
        new Scan(scan, 1, UUID.randomUUID(), Instant.EPOCH),
        new NamePatterns(List.of(), List.of()));
  }

  private static String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return new String(letter.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
  }
}
