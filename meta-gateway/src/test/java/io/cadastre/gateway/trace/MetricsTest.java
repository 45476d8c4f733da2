package io.cadastre.gateway.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Topic;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What dashboards and alerts are built on: a name missing here breaks them. */
@GatewayTest
class MetricsTest {

  private final Api api;
  private final PrometheusMeterRegistry metrics;

  MetricsTest(Api api, PrometheusMeterRegistry metrics) {
    this.api = api;
    this.metrics = metrics;
  }

  @Test
  void prometheusFindsEveryNameThatDashboardsRelyOn() {
    long instance = Instances.register();
    try (FakeWorker worker = new FakeWorker()) {
      worker.sendRaw(Topic.SIZES_COLLECTED, "0", "io.cadastre.SizesCollected.v1", "{ not json");
      worker.script(instance, command -> Answers.of(command, "shop"));
      api.operator()
          .post()
          .uri("/api/v1/instances/{id}/sync-all", instance)
          .header("Prefer", "wait=60")
          .exchange()
          .expectStatus()
          .isOk();
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .untilAsserted(() ->
            assertThat(metrics.scrape())
                .contains(
                    "cadastre_operation_seconds_count{kind=\"sync_all\",outcome=\"succeeded\"}",
                    "cadastre_operation_seconds_sum{kind=\"sync_all\",outcome=\"succeeded\"}",
                    "cadastre_consumer_lag_records{group=\"cadastre-meta-gateway\","
                        + "topic=\"cadastre.databases-discovered.v1\"}",
                    "cadastre_dead_letters_total{group=\"cadastre-meta-gateway\","
                        + "reason=\"unreadable\"}",
                    "cadastre_size_samples_total ",
                    "cadastre_outbox_pending ",
                    "cadastre_outbox_oldest_seconds ",
                    "cadastre_outbox_refused ",
                    "cadastre_inbox_duplicates_total ",
                    "cadastre_inbox_outdated_total ",
                    "cadastre_messages_received_total{outcome=\"handled\"",
                    "cadastre_messages_sent_total{outcome=\"acknowledged\"",
                    "cadastre_messages_in_flight{group=\"cadastre-meta-gateway\"}",
                    "cadastre_messages_unacknowledged ",
                    "cadastre_message_handling_seconds_count{",
                    "cadastre_instances{",
                    "cadastre_databases{",
                    "cadastre_size_bytes{",
                    "cadastre_schedule_lag_seconds{",
                    "http_server_requests_seconds_count{"));
  }

  @Test
  void whatIsRolledBackAndDoneAgainIsCountedOnce() {
    long instance = Instances.register();
    Instances.execute(
        """
        CREATE SEQUENCE commits;
        CREATE FUNCTION refuse_first() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
          BEGIN
            IF nextval('cadastre.commits') = 1 THEN
              RAISE 'shutting down' USING ERRCODE = '57P01';
            END IF;
            RETURN new;
          END $$;
        CREATE CONSTRAINT TRIGGER refuse_first AFTER UPDATE ON operation
          DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
          WHEN (new.instance_id = %d AND new.finished_at IS NOT NULL)
          EXECUTE FUNCTION refuse_first()
        """
            .formatted(instance));
    long operations = succeeded();
    double samples = metrics.get("cadastre.size.samples").counter().count();
    try (FakeWorker worker = new FakeWorker()) {
      worker.script(instance, command -> Answers.of(command, "shop"));
      api.operator()
          .post()
          .uri("/api/v1/instances/{id}/sync-database-sizes", instance)
          .header("Prefer", "wait=60")
          .exchange()
          .expectStatus()
          .isOk();
      assertThat(Instances.text("SELECT last_value FROM commits")).isEqualTo("2");
      await().untilAsserted(() -> assertThat(succeeded()).isEqualTo(operations + 1));
      assertThat(metrics.get("cadastre.size.samples").counter().count()).isEqualTo(samples + 1);
    } finally {
      Instances.execute("DROP FUNCTION refuse_first CASCADE; DROP SEQUENCE commits");
    }
  }

  private long succeeded() {
    Timer ended =
        metrics
            .find("cadastre.operation")
            .tags("kind", "sync_database_sizes", "outcome", "succeeded")
            .timer();
    return ended == null ? 0 : ended.count();
  }
}
