package io.cadastre.discovery.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.DiscoverDatabases;
import io.cadastre.contracts.events.DiscoveryFailed;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.Topic;
import io.cadastre.discovery.DiscoveryApplication;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.ServerSettings;
import io.cadastre.testbed.RunningWorker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaOutageTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void theServiceStartsWithoutKafkaAndWorksOnceItIsThere(@TempDir Path folder) throws IOException {
    try (LocalKafka kafka = LocalKafka.start(ServerSettings.keptIn(folder))) {
      kafka.kill();
      try (RunningWorker service = start(kafka)) {
        await().atMost(PATIENCE).untilAsserted(() -> assertKafkaNamedAsDown(service));
        kafka.restart();
        Scan scan =
            new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), Instant.now().plusSeconds(300));
        await()
            .atMost(PATIENCE)
            .untilAsserted(() ->
                assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200));
        service.send(
            new DiscoverDatabases(service.instance(Engine.MYSQL, "127.0.0.1", 1, "u", "p"), scan));
        await()
            .atMost(PATIENCE)
            .pollInSameThread()
            .until(() -> service.answers(scan.scanId()), found -> found.size() == 1);
      }
    }
  }

  @Test
  void aScanThatEndsWhileKafkaIsDownIsAnsweredOnceItIsBack(@TempDir Path folder)
      throws IOException {
    try (LocalKafka kafka = LocalKafka.start(ServerSettings.keptIn(folder));
        RunningWorker service = start(kafka);
        ServerSocket instance = new ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"))) {
      Scan scan = new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), Instant.now().plusSeconds(300));
      service.send(
          new DiscoverDatabases(
              service.instance(Engine.MYSQL, "127.0.0.1", instance.getLocalPort(), "u", "p"),
              scan));
      try (Socket _ = instance.accept()) {
        kafka.kill();
        await().atMost(PATIENCE).untilAsserted(() -> assertKafkaNamedAsDown(service));
      }
      // The instance has hung up, and there is nobody to tell it to.
      kafka.restart();

      List<ScanEvent> answers =
          await()
              .atMost(PATIENCE)
              .pollInSameThread()
              .until(() -> service.answers(scan.scanId()), found -> !found.isEmpty());
      assertThat(answers)
          .singleElement()
          .isInstanceOfSatisfying(
              DiscoveryFailed.class,
              failed ->
                  assertThat(failed.failure().code())
                      .isIn(FailureCode.CONNECTION_LOST, FailureCode.TIMEOUT));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(service.get("/actuator/health/readiness").statusCode()).isEqualTo(200));
    }
  }

  private static RunningWorker start(LocalKafka kafka) throws IOException {
    return new RunningWorker(
        DiscoveryApplication.builder(),
        List.of(Topic.DATABASES_DISCOVERED, Topic.CONNECTION_TESTED),
        kafka.bootstrapServers());
  }

  private static void assertKafkaNamedAsDown(RunningWorker service)
      throws IOException, InterruptedException {
    var readiness = service.get("/actuator/health/readiness");
    assertThat(readiness.statusCode()).isEqualTo(503);
    assertThat(readiness.body())
        .containsPattern("\"kafka\":\\{[^{]*(\\{[^}]*\\})?[^}]*\"status\":\"DOWN\"");
    assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
  }
}
