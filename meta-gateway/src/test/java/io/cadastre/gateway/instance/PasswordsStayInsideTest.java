package io.cadastre.gateway.instance;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.Topic;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import io.cadastre.gateway.fixture.Published;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.http.MediaType;

@GatewayTest
@ExtendWith(OutputCaptureExtension.class)
class PasswordsStayInsideTest {

  private static final String INSTANCES = "/api/v1/instances";
  private static final String PASSWORD = "n0t-to-be-s33n-anywhere";

  private final Api api;
  private final PrometheusMeterRegistry metrics;

  PasswordsStayInsideTest(Api api, PrometheusMeterRegistry metrics) {
    this.api = api;
    this.metrics = metrics;
  }

  @Test
  void areInNoLineNoAnswerAndNoMetricWhateverBecomesOfTheRequest(CapturedOutput log) {
    Map<String, Object> request = new HashMap<>(Instances.request(api.unique("logged")));
    request.put("password", PASSWORD);
    long id = register(request);
    request.put("port", -1);
    assertThat(send(request)).contains("1 to 65535");
    request.put("password", List.of(PASSWORD));
    assertThat(send(request)).contains("\"password");
    for (String broken : List.of("{\"password\": \"%s\"", "{\"password\": %s}", "\"%s\"")) {
      assertThat(send(broken.formatted(PASSWORD))).contains("malformed-body");
    }
    try (FakeWorker worker = new FakeWorker()) {
      worker.script(id, command -> Answers.of(command, "shop"));
      api.operator()
          .post()
          .uri(INSTANCES + "/{id}/sync-all", id)
          .header("Prefer", "wait=60")
          .exchange()
          .expectStatus()
          .isOk();
    }
    api.viewer().get().uri(INSTANCES + "?search=" + PASSWORD).exchange().expectStatus().isOk();
    api.viewer().get().uri("/api/v1/" + PASSWORD).exchange().expectStatus().isNotFound();
    assertThat(metrics.scrape()).contains("http_server_requests").doesNotContain(PASSWORD);
    assertThat(log.getAll()).doesNotContain(PASSWORD);
  }

  @Test
  void areInNoNewsOfTheirInstance() {
    Map<String, Object> request = new HashMap<>(Instances.request(api.unique("told")));
    request.put("password", PASSWORD);
    long id = register(request);
    api.operator()
        .patch()
        .uri(INSTANCES + "/{id}", id)
        .header("If-Match", "\"1\"")
        .bodyValue(Map.of("password", PASSWORD + "-2", "username", "another"))
        .exchange()
        .expectStatus()
        .isOk();
    api.operator()
        .delete()
        .uri(INSTANCES + "/{id}", id)
        .header("If-Match", "\"2\"")
        .exchange()
        .expectStatus()
        .isNoContent();

    assertThat(news(id))
        .allSatisfy(told -> assertThat(told).doesNotContain(PASSWORD, "sealed"))
        .anySatisfy(told -> assertThat(told).contains("\"username\":\"another\""));
  }

  /** What Kafka has of it: created, updated and deleted. */
  private List<String> news(long id) {
    List<String> told = new ArrayList<>();
    Published.read(
        Topic.names(Topic.METADATA_CHANGED),
        received -> {
          String value = new String(received.value(), StandardCharsets.UTF_8);
          if (value.contains("\"entity_id\":\"" + id + "\"")) {
            told.add(received.headers() + value);
          }
        },
        () -> assertThat(told).hasSize(3));
    return told;
  }

  private long register(Map<String, Object> request) {
    return Long.parseLong(send(request).replaceAll("(?s).*?\"id\":(\\d+).*", "$1"));
  }

  private String send(Object body) {
    String answer =
        String.valueOf(
            api.operator()
                .post()
                .uri(INSTANCES)
                .contentType(MediaType.APPLICATION_JSON)
                .bodyValue(body)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    assertThat(answer).doesNotContain(PASSWORD);
    return answer;
  }
}
