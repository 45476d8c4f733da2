package io.cadastre.gateway.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.gateway.database.MetadataDatabase;
import io.cadastre.gateway.fixture.AnotherGateway;
import io.cadastre.gateway.fixture.Register;
import io.cadastre.localservers.LocalPostgres;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** A run over HTTP, on a register of its own: it asks every instance there is. */
class ManualRunTest {

  private static final String RUN = "/api/v1/schedules/databases/run";

  @Test
  void anAdminRunsAJobAndSeesWhatBecameOfEveryInstance() throws SQLException {
    // Nobody listens at port 1: what is asked for waits, for as long as the test likes.
    Register register = Register.on(LocalPostgres.shared(), "127.0.0.1:1");
    try (AnotherGateway gateway =
        AnotherGateway.start(register, "cadastre.operation.sweep-interval=200ms")) {
      WebTestClient admin = gateway.api().admin();
      List<Long> instances = Stream.generate(register::instance).limit(3).sorted().toList();

      EntityExchangeResult<JsonNode> started = start(admin, "first");
      JsonNode run = body(started);
      assertThat(started.getResponseHeaders().getLocation())
          .hasToString("/api/v1/runs/" + run.get("id").stringValue());
      assertThat(run.get("requested_by").stringValue()).isEqualTo("admin");
      assertThat(run.get("trigger").stringValue()).isEqualTo("manual");

      assertThat(body(start(admin, "second")).get("id")).isEqualTo(run.get("id"));
      EntityExchangeResult<JsonNode> again = start(admin, "first");
      assertThat(again.getResponseHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
      assertThat(body(again)).isEqualTo(run);

      String address = String.valueOf(started.getResponseHeaders().getLocation());
      WebTestClient viewer =
          gateway.api().signIn(gateway.api().newUser("viewer"), gateway.api().passwordOfUsers());
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> get(viewer, address).at("/counts/running").intValue() == 3);
      assertThat(get(viewer, address).get("items").valueStream())
          .extracting(item -> item.get("instance_id").longValue())
          .containsExactlyInAnyOrderElementsOf(instances);

      giveUpWaiting(register);
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !get(viewer, address).get("status").stringValue().equals("running"));
      JsonNode ended = get(viewer, address);
      assertThat(ended.get("status").stringValue()).isEqualTo("failed");
      assertThat(ended.at("/counts/failed").intValue()).isEqualTo(3);
      assertThat(ended.get("finished_at").isNull()).isFalse();
      assertThat(ended.get("items").valueStream())
          .allMatch(item -> item.get("status").stringValue().equals("expired"))
          .allMatch(item -> item.at("/failure/code").stringValue().equals("expired"));

      JsonNode listed = get(viewer, "/api/v1/runs?job=databases&status=failed").get("items");
      assertThat(listed.valueStream())
          .extracting(each -> each.get("id"))
          .containsExactly(run.get("id"));
      assertThat(get(viewer, "/api/v1/operations?kind=sync_databases").get("items").valueStream())
          .hasSize(3)
          .allMatch(operation -> operation.get("run_id").equals(run.get("id")));
      viewer.post().uri(RUN).exchange().expectStatus().isForbidden();
    }
  }

  private static EntityExchangeResult<JsonNode> start(WebTestClient admin, String key) {
    return admin
        .post()
        .uri(RUN)
        .header("Idempotency-Key", key)
        .exchange()
        .expectStatus()
        .isAccepted()
        .expectHeader()
        .exists(HttpHeaders.LOCATION)
        .expectBody(JsonNode.class)
        .returnResult();
  }

  private static JsonNode body(EntityExchangeResult<JsonNode> answer) {
    return Objects.requireNonNull(answer.getResponseBody());
  }

  private static JsonNode get(WebTestClient client, String address) {
    return body(
        client
            .get()
            .uri(address)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(JsonNode.class)
            .returnResult());
  }

  /** As if the time of every operation were over. */
  private static void giveUpWaiting(Register register) throws SQLException {
    try (var connection = register.connect(MetadataDatabase.OWNER);
        var statement = connection.createStatement()) {
      statement.execute("UPDATE operation SET expires_at = now()");
    }
  }
}
