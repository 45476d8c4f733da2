package io.cadastre.gateway.idempotency;

import static io.cadastre.gateway.idempotency.KeyedRequests.INSTANCES;
import static io.cadastre.gateway.idempotency.KeyedRequests.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a key stands for. */
@GatewayTest
class IdempotencyKeyTest {

  private final Api api;
  private final KeyedRequests requests;

  IdempotencyKeyTest(Api api) {
    this.api = api;
    requests = new KeyedRequests(api);
  }

  @Test
  void aRequestSentAgainGetsTheAnswerItGot() {
    Map<String, Object> request = requests.instance();
    EntityExchangeResult<JsonNode> first = requests.post(api.operator(), request);
    EntityExchangeResult<JsonNode> again = requests.post(api.operator(), request);

    assertThat(first.getStatus().value()).isEqualTo(201);
    assertThat(first.getResponseHeaders().containsHeader("Idempotent-Replayed")).isFalse();
    assertThat(again.getStatus().value()).isEqualTo(201);
    assertThat(again.getResponseHeaders().getFirst("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.getResponseBody()).isEqualTo(first.getResponseBody());
    assertThat(again.getResponseHeaders().getLocation())
        .isEqualTo(first.getResponseHeaders().getLocation());
    assertThat(again.getResponseHeaders().getFirst(HttpHeaders.ETAG))
        .isEqualTo(first.getResponseHeaders().getFirst(HttpHeaders.ETAG));
    assertThat(first.getResponseHeaders().toSingleValueMap())
        .containsKeys("Content-Security-Policy", "Cache-Control", "Content-Length");
  }

  @Test
  void aKeyStandsForOneRequestOfOneUser() {
    Map<String, Object> request = requests.instance();
    requests.post(api.operator(), request);

    for (var other :
        List.of(
            requests.post(api.operator(), requests.instance()),
            requests.post(
                api.operator(), "/api/v1/held-scans/" + UUID.randomUUID() + "/apply", request))) {
      assertThat(other.getStatus().value()).isEqualTo(422);
      assertThat(String.valueOf(other.getResponseBody()))
          .contains(requests.key(), "idempotency-key-reused");
    }

    EntityExchangeResult<JsonNode> ofAnother = requests.post(api.admin(), requests.instance());
    assertThat(ofAnother.getStatus().value()).isEqualTo(201);
  }

  @Test
  void twoAtOnceAreDoneOnce() throws Exception {
    Map<String, Object> request = requests.instance();
    WebTestClient client = api.operator();
    Callable<Integer> send = () -> requests.post(client, request).getStatus().value();
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
    Map<String, Object> request = requests.instance();
    assertThat(requests.post(api.viewer(), request).getStatus().value()).isEqualTo(403);
    assertThat(requests.post(api.operator(), Map.of("name", "x")).getStatus().value())
        .isEqualTo(400);
    assertThat(requests.post(api.operator(), request).getStatus().value()).isEqualTo(201);
  }

  @Test
  void anOperationIsAskedForOnce() {
    long instance = Instances.register();
    String first = requests.sync(instance);
    Instances.execute(
        "UPDATE operation SET status = 'failed', finished_at = now() WHERE instance_id = %d"
            .formatted(instance));

    assertThat(requests.sync(instance)).isEqualTo(first);
  }

  @Test
  void aKeyIsForgottenAfterADay() {
    requests.post(api.operator(), requests.instance());
    requests.age("23 h");
    assertThat(requests.post(api.operator(), requests.instance()).getStatus().value())
        .isEqualTo(422);
    requests.age("25 h");
    assertThat(requests.post(api.operator(), requests.instance()).getStatus().value())
        .isEqualTo(201);
  }

  @Test
  void signingInKnowsNoKeys() {
    String username = api.newUser("viewer");
    WebTestClient signedIn = api.signIn(username, api.passwordOfUsers());
    Map<String, Object> request = Map.of("username", username, "password", api.passwordOfUsers());
    String csrf =
        Objects.requireNonNull(
                requests.post(signedIn, "/api/v1/session", request).getResponseBody())
            .get("csrf_token")
            .asString();
    EntityExchangeResult<JsonNode> again = requests.post(signedIn, "/api/v1/session", request);
    assertThat(again.getStatus().value()).isEqualTo(200);
    assertThat(again.getResponseCookies()).containsKey("cadastre_session");
    assertThat(Objects.requireNonNull(again.getResponseBody()).get("csrf_token").asString())
        .isNotEqualTo(csrf);
    assertThat(
            Instances.text(
                "SELECT count(*) FROM idempotency_key WHERE key = '" + requests.key() + "'"))
        .isEqualTo("0");
  }

  @Test
  void whatIsKeptOfARequestGivesNoPasswordAway() throws Exception {
    Map<String, Object> request = requests.instance();
    byte[] body = JsonMapper.shared().writeValueAsBytes(request);
    EntityExchangeResult<JsonNode> made =
        api.operator()
            .post()
            .uri(INSTANCES)
            .header(KEY, requests.key())
            .contentType(MediaType.APPLICATION_JSON)
            .bodyValue(body)
            .exchange()
            .expectBody(JsonNode.class)
            .returnResult();
    assertThat(made.getStatus().value()).isEqualTo(201);

    String kept =
        Instances.text(
            "SELECT encode(request_mac, 'hex') FROM idempotency_key WHERE key = '"
                + requests.key()
                + "'");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            HexFormat.of()
                .parseHex(Instances.text("SELECT encode(mac_key, 'hex') FROM idempotency_mac_key")),
            "HmacSHA256"));
    for (String part : List.of("POST", INSTANCES, "")) {
      mac.update(new byte[] {0, 0, 0, (byte) part.length()});
      mac.update(part.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(kept).isEqualTo(HexFormat.of().formatHex(mac.doFinal(body)));
  }

  @Test
  void aSecretIsNotKeptForASecondAnswer() {
    WebTestClient owner = api.signIn(api.newUser("viewer"), api.passwordOfUsers());
    Map<String, Object> request = Map.of("name", "ci", "role", "viewer");
    String secret =
        Objects.requireNonNull(requests.post(owner, "/api/v1/tokens", request).getResponseBody())
            .get("token")
            .asString();

    EntityExchangeResult<JsonNode> again = requests.post(owner, "/api/v1/tokens", request);
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
        .bodyValue(requests.instance())
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo(KEY);
  }
}
