package io.cadastre.gateway.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class KilledGatewayTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SESSION = "cadastre.kafka.properties.session.timeout.ms=6000";

  /**
   * The lock of the instance holds the message up until the broker is gone: then the gateway can
   * commit to the database and not to Kafka.
   */
  @Test
  void betweenTheCommitToTheDatabaseAndThatOfTheOffsetNothingIsCountedTwice(@TempDir Path folder)
      throws SQLException {
    try (LocalKafka kafka = LocalKafka.start(ServerSettings.keptIn(folder))) {
      Register register = Register.on(LocalPostgres.shared(), kafka.bootstrapServers());
      String operation;
      try (ChildGateway gateway = ChildGateway.start(register, SESSION);
          FakeWorker worker = new FakeWorker(kafka.bootstrapServers());
          Connection lock = register.connect(MetadataDatabase.OWNER)) {
        long instance = register.instance();
        worker.script(
            instance,
            command -> {
              hold(lock, instance);
              return Answers.of(command, "shop");
            });
        operation = new Caller(gateway.api()).sync("sync-database-sizes", instance).operation();
        await().atMost(PATIENCE).until(() -> waiting(register) == 1);
        kafka.kill();
        lock.commit();
        await().atMost(PATIENCE).until(() -> register.number("SELECT count(*) FROM inbox") == 1);
        gateway.kill();
      }
      assertThat(register.number("SELECT count(*) FROM database_size_stats")).isEqualTo(1);

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
        assertThat(register.number("SELECT count(*) FROM database_size_stats")).isEqualTo(1);
        assertThat(register.number("SELECT count(*) FROM instance_size_stats")).isEqualTo(1);
        assertThat(register.number("SELECT count(*) FROM inbox")).isEqualTo(1);
      }
    }
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
