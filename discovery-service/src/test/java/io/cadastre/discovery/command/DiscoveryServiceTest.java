package io.cadastre.discovery.command;

import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.ConnectionTested;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.DiscoverDatabases;
import io.cadastre.contracts.events.DiscoveryFailed;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.TestConnection;
import io.cadastre.contracts.events.Topic;
import io.cadastre.discovery.DiscoveryApplication;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.testbed.RunningWorker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The whole service: commands in at one end of Kafka, events out at the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DiscoveryServiceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RunningWorker service;

  DiscoveryServiceTest() throws IOException {
    service =
        new RunningWorker(
            DiscoveryApplication.builder(),
            List.of(Topic.DATABASES_DISCOVERED, Topic.CONNECTION_TESTED),
            LocalKafka.shared().bootstrapServers(),
            "--cadastre.instance-access.login-timeout=3s");
  }

  @BeforeAll
  void waitForReadiness() {
    service.awaitReady();
  }

  @AfterAll
  void stop() {
    service.close();
  }

  @Test
  void aCommandIsAnsweredWithTheDatabasesOfTheInstance() {
    for (InstanceConnection instance : List.of(service.mariaDb(), service.postgres())) {
      Scan scan = RunningWorker.scan();
      service.send(new DiscoverDatabases(instance, scan));

      assertThat(service.awaitAnswer(scan))
          .isInstanceOfSatisfying(
              DatabasesDiscovered.class,
              found -> {
                assertThat(found.scan()).isEqualTo(scan);
                assertThat(found.instanceId()).isEqualTo(instance.instanceId());
                assertThat(found.databases()).isNotEmpty();
              });
    }
  }

  /** Health is asked elsewhere, what does not exist is answered at once; see TurnPerRequest. */
  @Test
  void aKeptConnectionGoesOnAnswering() throws IOException {
    String health = "GET /actuator/health/liveness HTTP/1.1\r\nHost: x\r\n\r\n";
    String nothing = "GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
      socket.setSoTimeout((int) PATIENCE.toMillis());
      socket.getOutputStream().write((health + nothing).getBytes(StandardCharsets.US_ASCII));
      readUntil(socket, "HTTP/1.1 404");
      for (int i = 0; i < 3; i++) {
        socket.getOutputStream().write(nothing.getBytes(StandardCharsets.US_ASCII));
        readUntil(socket, "HTTP/1.1 404");
      }
    }
  }

  private static void readUntil(Socket socket, String text) throws IOException {
    StringBuilder seen = new StringBuilder();
    while (seen.indexOf(text) < 0) {
      int next = socket.getInputStream().read();
      assertThat(next).as("after " + seen).isNotNegative();
      seen.append((char) next);
    }
  }

  @Test
  void theAnswerContinuesTheTraceOfTheCommand() {
    String trace = UUID.randomUUID().toString().replace("-", "");
    Scan scan = RunningWorker.scan();
    service.send(
        new TestConnection(service.postgres(), scan), "00-" + trace + "-b7ad6b7169203331-01");

    patiently()
        .untilAsserted(() ->
            assertThat(service.traceparents(scan.scanId()))
                .singleElement(as(STRING))
                .startsWith("00-" + trace)
                .doesNotContain("b7ad6b7169203331"));
  }

  @Test
  void aConnectionTestIsAnswered() {
    Scan scan = RunningWorker.scan();
    service.send(new TestConnection(service.mariaDb(), scan));

    assertThat(service.awaitAnswer(scan))
        .isInstanceOfSatisfying(
            ConnectionTested.class, tested -> assertThat(tested.failure()).isNull());
  }

  @Test
  void aCommandThatLayTooLongIsAnsweredAsExpired() {
    Scan late = new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), Instant.now().minusSeconds(1));
    Scan lateTest =
        new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), Instant.now().minusSeconds(1));
    service.send(new DiscoverDatabases(service.mariaDb(), late));
    service.send(new TestConnection(service.mariaDb(), lateTest));

    assertThat(service.awaitAnswer(late))
        .isInstanceOfSatisfying(
            DiscoveryFailed.class,
            failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.EXPIRED));
    assertThat(service.awaitAnswer(lateTest))
        .isInstanceOfSatisfying(
            ConnectionTested.class,
            tested ->
                assertThat(tested.failure())
                    .isNotNull()
                    .matches(failure -> failure.code() == FailureCode.EXPIRED));
  }

  @Test
  void instancesThatHangDelayNobodyElse() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"))) {
      List<Scan> hanging = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Scan scan = RunningWorker.scan();
        hanging.add(scan);
        service.send(
            new DiscoverDatabases(
                service.instance(Engine.MYSQL, "127.0.0.1", silent.getLocalPort(), "u", "p"),
                scan));
      }
      Scan healthy = RunningWorker.scan();
      service.send(new DiscoverDatabases(service.mariaDb(), healthy));

      ScanEvent answer = service.awaitAnswer(healthy);
      assertThat(answer).isInstanceOf(DatabasesDiscovered.class);
      for (Scan scan : hanging) {
        assertThat(service.awaitAnswer(scan))
            .isInstanceOfSatisfying(
                DiscoveryFailed.class,
                failed -> {
                  assertThat(failed.failure().code()).isEqualTo(FailureCode.TIMEOUT);
                  assertThat(failed.failedAt()).isAfter(answer.attemptedAt());
                });
      }
    }
  }

  @Test
  void whatIsNoCommandOfThisServiceIsPutAsideAndTheRestFlows() {
    Scan after = RunningWorker.scan();
    InstanceConnection instance = service.mariaDb();
    byte[] key = Long.toString(instance.instanceId()).getBytes(StandardCharsets.UTF_8);
    service.send(
        new ProducerRecord<>(
            Topic.DISCOVER_DATABASES.topicName(),
            key,
            "no JSON at all".getBytes(StandardCharsets.UTF_8)));
    ProducerRecord<byte[], byte[]> misplaced =
        KafkaBinding.write(
            Envelope.of(
                new CollectSizes(instance, RunningWorker.scan(), NamePatterns.ALL),
                URI.create("/cadastre/test"),
                Instant.now(),
                null));
    service.send(
        new ProducerRecord<>(
            Topic.DISCOVER_DATABASES.topicName(),
            null,
            key,
            misplaced.value(),
            misplaced.headers()));
    service.send(new DiscoverDatabases(instance, after));

    assertThat(service.awaitAnswer(after)).isInstanceOf(DatabasesDiscovered.class);
  }

  @Test
  void aWrongPasswordIsAnswered() {
    LocalMariaDb server = LocalMariaDb.shared();
    Scan scan = RunningWorker.scan();
    service.send(
        new DiscoverDatabases(
            service.instance(
                Engine.MYSQL, server.host(), server.port(), server.username(), "wr0ng-pass"),
            scan));

    assertThat(service.awaitAnswer(scan))
        .isInstanceOfSatisfying(
            DiscoveryFailed.class,
            failed ->
                assertThat(failed.failure().code()).isEqualTo(FailureCode.AUTHENTICATION_FAILED));
  }

  @Test
  void metricsTellWhatWasDoneAndHow() throws IOException, InterruptedException {
    Scan scan = RunningWorker.scan();
    service.send(new DiscoverDatabases(service.mariaDb(), scan));
    service.awaitAnswer(scan);

    patiently()
        .untilAsserted(() ->
            assertThat(service.get("/actuator/prometheus").body())
                .containsPattern(
                    "cadastre_scans_total\\{[^}]*engine=\"mysql\"[^}]*kind=\"discover_databases\"[^}]*outcome=\"succeeded\"[^}]*\\}"
                        + " [1-9]")
                .contains("cadastre_scan_duration_seconds_bucket")
                .contains("cadastre_scans_running"));
  }

  @Test
  void nothingButHealthAndMetricsIsServed() throws IOException, InterruptedException {
    assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    assertThat(service.get("/actuator/health/readiness").body()).contains("\"kafka\"");
    for (String path :
        List.of("/", "/actuator", "/actuator/env", "/actuator/heapdump", "/actuator/loggers")) {
      assertThat(service.get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  private static ConditionFactory patiently() {
    return await().atMost(PATIENCE).pollInSameThread();
  }
}
