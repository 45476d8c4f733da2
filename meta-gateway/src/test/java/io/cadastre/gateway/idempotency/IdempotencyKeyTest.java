package io.cadastre.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

@GatewayTest
class IdempotencyKeyTest {

  private static final String INSTANCES = "/api/v1/instances";
  private static final String KEY = "Idempotency-Key";

  private final Api api;
  private final String key = UUID.randomUUID().toString();

  IdempotencyKeyTest(Api api) {
    this.api = api;
  }

  @Test
  void aRequestSentAgainGetsTheAnswerItGot() {
    Map<String, Object> request = instance();
    EntityExchangeResult<JsonNode> first = post(api.operator(), request);
    EntityExchangeResult<JsonNode> again = post(api.operator(), request);

    assertThat(first.getStatus().value()).isEqualTo(201);
    assertThat(first.getResponseHeaders().containsHeader("Idempotent-Replayed")).isFalse();
    assertThat(again.getStatus().value()).isEqualTo(201);
    assertThat(again.getResponseHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.getResponseBody()).isEqualTo(first.getResponseBody());
    assertThat(again.getResponseHeaders().getLocation())
        .isEqualTo(first.getResponseHeaders().getLocation());
    assertThat(again.getResponseHeaders().getFirst(HttpHeaders.ETAG))
        .isEqualTo(first.getResponseHeaders().getFirst(HttpHeaders.ETAG));
  }

  @Test
  void aKeyStandsForOneRequestOfOneUser() {
    Map<String, Object> request = instance();
    post(api.operator(), request);

    EntityExchangeResult<JsonNode> other = post(api.operator(), instance());
    assertThat(other.getStatus().value()).isEqualTo(422);
    assertThat(String.valueOf(other.getResponseBody())).contains(key, "idempotency-key-reused");

    EntityExchangeResult<JsonNode> ofAnother = post(api.admin(), instance());
    assertThat(ofAnother.getStatus().value()).isEqualTo(201);
  }

  @Test
  void twoAtOnceAreDoneOnce() throws Exception {
    Map<String, Object> request = instance();
    WebTestClient client = api.operator();
    Callable<Integer> send = () -> post(client, request).getStatus().value();
    try (var threads = Executors.newFixedThreadPool(4)) {
      List<Integer> answers =
          threads.invokeAll(List.of(send, send, send, send)).stream()
              .map(answer -> answer.resultNow())
              .toList();
      assertThat(answers).contains(201).isSubsetOf(201, 409);
    }
    client
        .get()
        .uri(INSTANCES + "?search={name}", request.get("name"))
        .exchange()
        .expectBody()
        .jsonPath("$.items.length()")
        .isEqualTo(1);
  }

  @Test
  void whatWasRefusedMayBeSentAgain() {
    Map<String, Object> request = instance();
    assertThat(post(api.viewer(), request).getStatus().value()).isEqualTo(403);
    assertThat(post(api.operator(), Map.of("name", "x")).getStatus().value()).isEqualTo(400);
    assertThat(post(api.operator(), request).getStatus().value()).isEqualTo(201);
  }

  @Test
  void anOperationIsAskedForOnce() {
    long instance = Instances.register();
    String first = sync(instance);
    Instances.execute(
        "UPDATE operation SET status = 'failed', finished_at = now() WHERE instance_id = %d"
            .formatted(instance));

    assertThat(sync(instance)).isEqualTo(first);
  }

  @Test
  void aRequestThatWasCutOffWithItsGatewayMayBeSentAgainLater() {
    Map<String, Object> request = instance();
    post(api.operator(), request);
    Instances.execute(
        "UPDATE idempotency_key SET answer_status = NULL WHERE key = '%s'".formatted(key));
    assertThat(post(api.operator(), request).getStatus().value()).isEqualTo(409);

    Instances.execute(
        "UPDATE idempotency_key SET claimed_at = now() - interval '3 min' WHERE key = '%s'"
            .formatted(key));
    assertThat(String.valueOf(post(api.operator(), request).getResponseBody()))
        .contains("name", "conflict");
  }

  @Test
  void aSecretIsNotKeptForASecondAnswer() {
    WebTestClient owner = api.signIn(api.newUser("viewer"), api.passwordOfUsers());
    Map<String, Object> request = Map.of("name", "ci", "role", "viewer");
    String secret =
        Objects.requireNonNull(post(owner, "/api/v1/tokens", request).getResponseBody())
            .get("token")
            .asString();

    EntityExchangeResult<JsonNode> again = post(owner, "/api/v1/tokens", request);
    assertThat(again.getStatus().value()).isEqualTo(409);
    assertThat(String.valueOf(again.getResponseBody())).contains("shown once");
    assertThat(Instances.text("SELECT string_agg(k::text, ' ') FROM idempotency_key k"))
        .doesNotContain(secret);
  }

  @Test
  void aKeyThatIsNoneIsRefused() {
    api.operator()
        .post()
        .uri(INSTANCES)
        .header(KEY, "x".repeat(256))
        .bodyValue(instance())
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo(KEY);
  }

  private Map<String, Object> instance() {
    String name = api.unique("once");
    return Map.of(
        "name",
        name,
        "engine",
        "postgresql",
        "host",
        name + ".example",
        "port",
        5432,
        "username",
        "u",
        "password",
        "p");
  }

  private EntityExchangeResult<JsonNode> post(WebTestClient client, Map<String, Object> request) {
    return post(client, INSTANCES, request);
  }

  private EntityExchangeResult<JsonNode> post(
      WebTestClient client, String path, Map<String, Object> request) {
    return client
        .post()
        .uri(path)
        .header(KEY, key)
        .bodyValue(request)
        .exchange()
        .expectBody(JsonNode.class)
        .returnResult();
  }

  private String sync(long instance) {
    return Objects.requireNonNull(
            api.operator()
                .post()
                .uri(INSTANCES + "/{id}/sync-databases", instance)
                .header(KEY, key)
                .exchange()
                .expectStatus()
                .isAccepted()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody())
        .get("id")
        .asString();
  }
}
