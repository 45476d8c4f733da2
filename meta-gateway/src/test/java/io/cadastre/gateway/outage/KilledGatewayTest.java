package io.cadastre.gateway.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Topic;
import io.cadastre.gateway.database.MetadataDatabase;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.ChildGateway;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.Register;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.localservers.ServerSettings;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class KilledGatewayTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SESSION = "cadastre.kafka.properties.session.timeout.ms=6000";
  private static final String LOG = "logging.structured.format.console=ecs";

  private LocalKafka kafka;
  private Register register;

  @BeforeAll
  void start(@TempDir Path folder) {
    kafka = LocalKafka.start(ServerSettings.keptIn(folder));
    register = Register.on(LocalPostgres.shared(), kafka.bootstrapServers());
  }

  @AfterAll
  void stop() {
    kafka.close();
  }

  /**
   * The lock of the instance holds the message up until the broker is gone: then the gateway can
   * commit to the database and not to Kafka.
   */
  @Test
  void betweenTheCommitToTheDatabaseAndThatOfTheOffsetNothingIsCountedTwice() throws SQLException {
    long instance;
    String operation;
    try (ChildGateway gateway = ChildGateway.start(register, SESSION);
        FakeWorker worker = new FakeWorker(kafka.bootstrapServers());
        Connection lock = register.connect(MetadataDatabase.OWNER)) {
      instance = register.instance();
      answerHoldingTheLock(worker, instance, lock);
      operation = new Caller(gateway.api()).sync("sync-database-sizes", instance).operation();
      await().atMost(PATIENCE).until(() -> waiting(register) == 1);
      kafka.kill();
      lock.commit();
      await().atMost(PATIENCE).until(() -> samples(instance) == 1);
      gateway.kill();
    }
    kafka.restart();
    try (ChildGateway gateway = ChildGateway.start(register, SESSION)) {
      Caller caller = new Caller(gateway.api());
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(caller.metrics()).contains("cadastre_inbox_duplicates_total 1.0"));
      JsonNode ended = caller.get("/api/v1/operations/" + operation).body();
      assertThat(ended.get("status").asString()).isEqualTo("succeeded");
      assertThat(ended.at("/result/saved_count").asInt()).isEqualTo(1);
      assertThat(ended.at("/result/total_size_bytes").asLong()).isEqualTo(1_000);
      assertThat(samples(instance)).isEqualTo(1);
      assertThat(
              register.number(
                  "SELECT count(*) FROM instance_size_stats WHERE instance_id = " + instance))
          .isEqualTo(1);
    }
  }

  @Test
  void askedToEndItFinishesWhatItHandlesAndKeepsNobodyWaiting() throws Exception {
    try (ChildGateway gateway = ChildGateway.start(register, SESSION, LOG);
        FakeWorker worker = new FakeWorker(kafka.bootstrapServers());
        Connection lock = register.connect(MetadataDatabase.OWNER)) {
      Caller caller = new Caller(gateway.api());
      long instance = register.instance();
      long unanswered = register.instance();
      answerHoldingTheLock(worker, instance, lock);
      CompletableFuture<Caller.Answer> waiting =
          CompletableFuture.supplyAsync(
              () -> caller.syncAndWait("sync-databases", unanswered), Thread::startVirtualThread);
      CountDownLatch pageClosed = new CountDownLatch(1);
      caller.live().doFinally(_ -> pageClosed.countDown()).subscribe();
      caller.sync("sync-database-sizes", instance);
      await().atMost(PATIENCE).until(() -> waiting(register) == 1);
      await().atMost(PATIENCE).until(() -> register.number("SELECT count(*) FROM outbox") == 0);

      gateway.terminate();
      assertThat(waiting.get(60, TimeUnit.SECONDS).status()).isEqualTo(202);
      assertThat(pageClosed.await(60, TimeUnit.SECONDS)).isTrue();
      assertThat(gateway.isRunning()).isTrue();
      lock.commit();
      await().atMost(PATIENCE).until(() -> !gateway.isRunning());
      assertThat(samples(instance)).isEqualTo(1);
      assertThat(unread()).isZero();
      assertThat(gateway.log().lines())
          .allSatisfy(line -> assertThat(line).startsWith("{\"@timestamp\":"));
    }
  }

  /** What the group would read again. */
  private long unread() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
      Map<TopicPartition, OffsetAndMetadata> committed =
          admin
              .listConsumerGroupOffsets("cadastre-meta-gateway")
              .partitionsToOffsetAndMetadata()
              .get();
      Map<TopicPartition, OffsetSpec> partitions = new HashMap<>();
      for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
        partitions.put(
            new TopicPartition(Topic.SIZES_COLLECTED.topicName(), partition), OffsetSpec.latest());
      }
      long unread = 0;
      for (var end : admin.listOffsets(partitions).all().get().entrySet()) {
        OffsetAndMetadata done = committed.get(end.getKey());
        unread += end.getValue().offset() - (done == null ? 0 : done.offset());
      }
      return unread;
    }
  }

  private static void answerHoldingTheLock(FakeWorker worker, long instance, Connection lock) {
    worker.script(
        instance,
        command -> {
          hold(lock, instance);
          return Answers.of(command, "shop");
        });
  }

  private long samples(long instance) {
    return register.number(
        "SELECT count(*) FROM database_size_stats WHERE instance_id = " + instance);
  }

  private static void hold(Connection lock, long instance) {
    try (var statement = lock.createStatement()) {
      lock.setAutoCommit(false);
      statement.execute(
          "SELECT FROM instance_scan WHERE instance_id = " + instance + " FOR UPDATE");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static long waiting(Register register) {
    return register.number(
        """
        SELECT count(*) FROM pg_stat_activity
        WHERE usename = 'cadastre_gateway' AND wait_event_type = 'Lock'
          AND datname = current_database()
        """);
  }
}
