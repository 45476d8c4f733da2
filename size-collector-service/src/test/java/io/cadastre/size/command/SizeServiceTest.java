package io.cadastre.size.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.SizeCollectionFailed;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.contracts.events.Topic;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.size.SizeCollectorApplication;
import io.cadastre.testbed.RunningWorker;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The whole service: commands in at one end of Kafka, events out at the other. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SizeServiceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final RunningWorker service;

  SizeServiceTest() throws IOException {
    service =
        new RunningWorker(
            SizeCollectorApplication.builder(),
            List.of(Topic.SIZES_COLLECTED),
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
  void aCommandIsAnsweredWithTheSizesOfTheInstance() {
    for (InstanceConnection instance : List.of(service.mariaDb(), service.postgres())) {
      Scan scan = RunningWorker.scan();
      service.send(new CollectSizes(instance, scan, NamePatterns.ALL));

      assertThat(service.awaitAnswer(scan))
          .isInstanceOfSatisfying(
              SizesCollected.class,
              collected -> {
                assertThat(collected.scan()).isEqualTo(scan);
                assertThat(collected.instanceId()).isEqualTo(instance.instanceId());
                assertThat(collected.part().last()).isTrue();
                assertThat(collected.databases()).isNotEmpty();
              });
    }
  }

  @Test
  void aCommandThatLayTooLongIsAnsweredAsExpired() {
    Scan late = new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), Instant.now().minusSeconds(1));
    service.send(new CollectSizes(service.mariaDb(), late, NamePatterns.ALL));

    assertThat(service.awaitAnswer(late))
        .isInstanceOfSatisfying(
            SizeCollectionFailed.class,
            failed -> assertThat(failed.failure().code()).isEqualTo(FailureCode.EXPIRED));
  }

  @Test
  void instancesThatHangDelayNobodyElse() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 200, InetAddress.ofLiteral("127.0.0.1"))) {
      List<Scan> hanging = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        Scan scan = RunningWorker.scan();
        hanging.add(scan);
        service.send(
            new CollectSizes(
                service.instance(Engine.POSTGRESQL, "127.0.0.1", silent.getLocalPort(), "u", "p"),
                scan,
                NamePatterns.ALL));
      }
      Scan healthy = RunningWorker.scan();
      service.send(new CollectSizes(service.mariaDb(), healthy, NamePatterns.ALL));

      ScanEvent answer = service.awaitAnswer(healthy);
      assertThat(answer).isInstanceOf(SizesCollected.class);
      for (Scan scan : hanging) {
        assertThat(service.awaitAnswer(scan))
            .isInstanceOfSatisfying(
                SizeCollectionFailed.class,
                failed -> {
                  assertThat(failed.failure().code()).isEqualTo(FailureCode.TIMEOUT);
                  assertThat(failed.failedAt()).isAfter(answer.attemptedAt());
                });
      }
    }
  }

  @Test
  void metricsTellWhatWasDoneAndHow() {
    Scan scan = RunningWorker.scan();
    service.send(new CollectSizes(service.postgres(), scan, NamePatterns.ALL));
    service.awaitAnswer(scan);

    patiently()
        .untilAsserted(() ->
            assertThat(service.get("/actuator/prometheus").body())
                .containsPattern(
                    "cadastre_scans_total\\{[^}]*engine=\"postgresql\"[^}]*kind=\"collect_sizes\""
                        + "[^}]*outcome=\"succeeded\"[^}]*\\} [1-9]")
                .contains("cadastre_scan_duration_seconds_bucket"));
  }

  @Test
  void nothingButHealthAndMetricsIsServed() throws IOException, InterruptedException {
    assertThat(service.get("/actuator/health/liveness").statusCode()).isEqualTo(200);
    assertThat(service.get("/actuator/health/readiness").body()).contains("\"kafka\"");
    for (String path : List.of("/", "/actuator", "/actuator/env", "/actuator/heapdump")) {
      assertThat(service.get(path).statusCode()).as(path).isEqualTo(404);
    }
  }

  private static ConditionFactory patiently() {
    return await().atMost(PATIENCE).pollInSameThread();
  }
}
