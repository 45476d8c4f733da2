package io.cadastre.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.Instances;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** Requests that name one key. */
final class KeyedRequests {

  static final String INSTANCES = "/api/v1/instances";
  static final String KEY = "Idempotency-Key";

  private final Api api;
  private final String key = UUID.randomUUID().toString();

  KeyedRequests(Api api) {
    this.api = api;
  }

  String key() {
    return key;
  }

  Map<String, Object> instance() {
    return Instances.request(api.unique("once"));
  }

  EntityExchangeResult<JsonNode> post(WebTestClient client, Map<String, Object> request) {
    return post(client, INSTANCES, request);
  }

  EntityExchangeResult<JsonNode> post(
      WebTestClient client, String path, @Nullable Map<String, Object> request) {
    WebTestClient.RequestBodySpec post = client.post().uri(path).header(KEY, key);
    return (request == null ? post : post.bodyValue(request))
        .exchange()
        .expectBody(JsonNode.class)
        .returnResult();
  }

  CompletableFuture<EntityExchangeResult<JsonNode>> posting(Map<String, Object> request) {
    WebTestClient client = api.operator();
    return CompletableFuture.supplyAsync(() -> post(client, request), Thread::startVirtualThread);
  }

  String sync(long instance) {
    return Api.body(
            api.operator()
                .post()
                .uri(INSTANCES + "/{id}/sync-databases", instance)
                .header(KEY, key)
                .exchange()
                .expectStatus()
                .isAccepted())
        .get("id")
        .asString();
  }

  void age(String interval) {
    Instances.execute(
        "UPDATE idempotency_key SET claimed_at = now() - interval '%s' WHERE key = '%s'"
            .formatted(interval, key));
  }

  static void assertProblem(EntityExchangeResult<JsonNode> answer, int status, String type) {
    assertThat(answer.getStatus().value()).as("%s", answer.getResponseBody()).isEqualTo(status);
    assertThat(Objects.requireNonNull(answer.getResponseBody()).get("type").asString())
        .isEqualTo("urn:cadastre:problem:" + type);
  }
}
