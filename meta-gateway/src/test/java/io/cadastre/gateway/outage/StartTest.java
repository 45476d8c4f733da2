package io.cadastre.gateway.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cadastre.gateway.fixture.AnotherGateway;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.Register;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** A gateway that is started before what it needs. */
@ExtendWith(OutputCaptureExtension.class)
class StartTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void withoutKafkaItTakesWorkAndDoesItOnceKafkaIsThere(@TempDir Path folder) {
    try (LocalKafka kafka = LocalKafka.start(ServerSettings.keptIn(folder))) {
      kafka.kill();
      Register register = Register.on(LocalPostgres.shared(), kafka.bootstrapServers());
      try (AnotherGateway gateway = AnotherGateway.start(register)) {
        Caller caller = new Caller(gateway.api());
        caller.assertNamedAsDown("kafka");

        List<Long> instances = IntStream.range(0, 60).mapToObj(_ -> register.instance()).toList();
        caller.sync("sync-databases", instances.getFirst());
        await().until(() -> unacknowledged(gateway) > 0);
        // On every event loop at once: none of them may wait for Kafka.
        List<String> operations =
            Caller.together(
                instances, instance -> caller.sync("sync-databases", instance).operation());
        assertThat(register.number("SELECT count(*) FROM outbox")).isEqualTo(60);

        kafka.restart();
        try (FakeWorker worker = new FakeWorker(kafka.bootstrapServers())) {
          instances.forEach(
              instance -> worker.script(instance, command -> Answers.of(command, "shop", "crm")));
          await()
              .atMost(PATIENCE)
              .untilAsserted(
                  () -> assertThat(operations).map(caller::statusOf).containsOnly("succeeded"));
        }
        assertThat(register.number("SELECT count(*) FROM outbox")).isZero();
        await().atMost(PATIENCE).untilAsserted(caller::assertReady);
      }
    }
  }

  private static double unacknowledged(AnotherGateway gateway) {
    return gateway
        .bean(MeterRegistry.class)
        .get("cadastre.messages.unacknowledged")
        .gauge()
        .value();
  }

  @Test
  void withoutPostgresqlItWaitsForIt(@TempDir Path folder) {
    try (LocalPostgres postgresql = LocalPostgres.start(ServerSettings.keptIn(folder))) {
      // Nobody listens at port 1: Kafka is not what this is about.
      Register register = Register.on(postgresql, "127.0.0.1:1");
      postgresql.kill();
      CompletableFuture<AnotherGateway> starting =
          CompletableFuture.supplyAsync(
              () -> AnotherGateway.start(register), Thread::startVirtualThread);
      await().during(Duration.ofSeconds(3)).atMost(PATIENCE).until(() -> !starting.isDone());
      postgresql.restart();
      try (AnotherGateway gateway = starting.join()) {
        assertThat(new Caller(gateway.api()).get("/api/v1/instances").status()).isEqualTo(200);
      }
    }
  }

  @Test
  void withoutPostgresqlItEndsAfterAWhileAndSaysWhyInOneLine(CapturedOutput output) {
    Register register = Register.on(LocalPostgres.shared(), "127.0.0.1:1");
    assertThatThrownBy(() ->
            AnotherGateway.start(
                    register, "cadastre.database.port=1", "cadastre.database.startup-patience=1s")
                .close())
        .hasStackTraceContaining("DatabaseUnreachableException");
    assertThat(output.getAll())
        .containsPattern(
            "\nPostgreSQL at 127.0.0.1:1/\\w+ did not answer as it should within 1 s: .*refused")
        .contains("cadastre.database.startup-patience")
        .doesNotContain("\tat io.cadastre");
  }
}
