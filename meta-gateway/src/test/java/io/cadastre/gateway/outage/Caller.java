package io.cadastre.gateway.outage;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Function;
import org.springframework.http.MediaType;
import org.springframework.http.client.reactive.ReactorClientHttpConnector;
import org.springframework.test.web.reactive.server.WebTestClient;
import reactor.core.publisher.Flux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import tools.jackson.databind.JsonNode;

/** An operator at a gateway that may be in trouble. */
final class Caller {

  /** An answer, whatever it is. */
  record Answer(int status, String retryAfter, JsonNode body) {

    String problem() {
      return body.path("type").asString("").replace("urn:cadastre:problem:", "");
    }

    String operation() {
      assertThat(status).as("%s", body).isIn(200, 202);
      return body.get("id").asString();
    }
  }

  private final WebTestClient operator;
  private final WebTestClient management;

  Caller(Api api) {
    operator = api.operator();
    management =
        WebTestClient.bindToServer(
                new ReactorClientHttpConnector(
                    HttpClient.create(ConnectionProvider.newConnection())))
            .baseUrl("http://127.0.0.1:" + api.managementPort())
            .responseTimeout(Duration.ofSeconds(15))
            .build();
  }

  Answer sync(String what, long instance) {
    return answer(operator.post().uri("/api/v1/instances/{id}/{what}", instance, what));
  }

  /** Done once, however often it is sent with this key. */
  Answer syncOnce(String key, String what, long instance) {
    return answer(
        operator
            .post()
            .uri("/api/v1/instances/{id}/{what}", instance, what)
            .header("Idempotency-Key", key));
  }

  Answer syncAndWait(String what, long instance) {
    return answer(
        operator
            .post()
            .uri("/api/v1/instances/{id}/{what}", instance, what)
            .header("Prefer", "wait=60"));
  }

  /** What an open page hears. */
  Flux<String> live() {
    return operator
        .get()
        .uri("/api/v1/live")
        .accept(MediaType.TEXT_EVENT_STREAM)
        .exchange()
        .returnResult(String.class)
        .getResponseBody();
  }

  Answer get(String uri) {
    return answer(operator.get().uri(uri));
  }

  String statusOf(String operation) {
    JsonNode found = get("/api/v1/operations/" + operation).body();
    return found.path("status").asString("");
  }

  /** As Prometheus reads them. */
  String metrics() {
    return Objects.requireNonNull(
        management
            .get()
            .uri("/actuator/prometheus")
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody());
  }

  void assertReady() {
    assertThat(answer(management.get().uri("/actuator/health/readiness")).status()).isEqualTo(200);
  }

  /** Not ready because of this, and still alive. */
  void assertNamedAsDown(String dependency) {
    Answer readiness = answer(management.get().uri("/actuator/health/readiness"));
    assertThat(readiness.status()).isEqualTo(503);
    assertThat(readiness.body().at("/components/" + dependency + "/status").asString())
        .as("%s", readiness.body())
        .isEqualTo("DOWN");
    assertThat(answer(management.get().uri("/actuator/health/liveness")).status()).isEqualTo(200);
  }

  private static Answer answer(WebTestClient.RequestHeadersSpec<?> request) {
    var answer = request.exchange().expectBody(JsonNode.class).returnResult();
    return new Answer(
        answer.getStatus().value(),
        Objects.requireNonNullElse(answer.getResponseHeaders().getFirst("Retry-After"), ""),
        Objects.requireNonNull(answer.getResponseBody()));
  }

  /** Does it with all of them at the same time. */
  static <T, R> List<R> together(List<T> all, Function<T, R> action) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      return all.stream()
          .map(each -> CompletableFuture.supplyAsync(() -> action.apply(each), threads))
          .toList()
          .stream()
          .map(CompletableFuture::join)
          .toList();
    }
  }
}
