package io.cadastre.gateway.idempotency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.gateway.database.MetadataDatabase;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import io.cadastre.gateway.fixture.SharedRegister;
import io.cadastre.localservers.LocalPostgres;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@GatewayTest
class IdempotencyKeyTest {

  private static final String INSTANCES = "/api/v1/instances";
  private static final String KEY = "Idempotency-Key";

  /** What PostgreSQL answers while it shuts down. */
  private static final String OUTAGE = "RAISE 'shutting down' USING ERRCODE = '57P01'";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

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
    assertThat(first.getResponseHeaders().toSingleValueMap())
        .containsKeys("Content-Security-Policy", "Cache-Control", "Content-Length");
  }

  @Test
  void anAnswerIsKeptBeforeTheClientHasIt() {
    atKeepingTheAnswer("PERFORM pg_sleep(1)");
    Map<String, Object> request = instance();
    post(api.operator(), request);
    assertThat(post(api.operator(), request).getResponseHeaders().getFirst("Idempotent-Replayed"))
        .isEqualTo("true");
  }

  @Test
  void aKeyStandsForOneRequestOfOneUser() {
    Map<String, Object> request = instance();
    post(api.operator(), request);

    for (var other :
        List.of(
            post(api.operator(), instance()),
            post(api.operator(), "/api/v1/held-scans/" + UUID.randomUUID() + "/apply", request))) {
      assertThat(other.getStatus().value()).isEqualTo(422);
      assertThat(String.valueOf(other.getResponseBody())).contains(key, "idempotency-key-reused");
    }

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
        "UPDATE idempotency_key SET answer_status = NULL, committed_at = NULL WHERE key = '%s'"
            .formatted(key));
    assertProblem(post(api.operator(), request), 409, "request-under-way");

    age("3 min");
    assertThat(String.valueOf(post(api.operator(), request).getResponseBody()))
        .contains("name", "conflict");
  }

  @Test
  void whatIsSentAgainWhileItIsWorkedOnIsToldWhenToComeAgain() throws Exception {
    Map<String, Object> request = instance();
    try (Connection other = SharedRegister.connect(MetadataDatabase.OWNER)) {
      hold(other, request);
      CompletableFuture<EntityExchangeResult<JsonNode>> first = posting(request);
      awaitWaiting(1);
      EntityExchangeResult<JsonNode> again = post(api.operator(), request);
      assertProblem(again, 409, "request-under-way");
      assertThat(again.getResponseHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("1");
      assertProblem(post(api.operator(), instance()), 422, "idempotency-key-reused");
      other.rollback();
      assertThat(first.get(60, TimeUnit.SECONDS).getStatus().value()).isEqualTo(201);
    }
    assertThat(post(api.operator(), request).getStatus().value()).isEqualTo(201);
  }

  @Test
  void whoWasOvertakenByALaterAttemptCommitsNothing() throws Exception {
    Map<String, Object> request = instance();
    try (Connection other = SharedRegister.connect(MetadataDatabase.OWNER)) {
      hold(other, request);
      CompletableFuture<EntityExchangeResult<JsonNode>> slow = posting(request);
      awaitWaiting(1);
      age("3 min");
      CompletableFuture<EntityExchangeResult<JsonNode>> later = posting(request);
      awaitWaiting(2);
      other.rollback();
      assertThat(later.get(60, TimeUnit.SECONDS).getStatus().value()).isEqualTo(201);
      assertProblem(slow.get(60, TimeUnit.SECONDS), 409, "conflict");
      assertThat(post(api.operator(), request).getResponseBody())
          .isEqualTo(later.resultNow().getResponseBody());
    }
  }

  /** In the statement that keeps the answer, when the work is committed. */
  @Test
  void anOutageAfterTheWorkDelaysTheAnswerThatIsKept() {
    atKeepingTheAnswer(OUTAGE);
    Map<String, Object> request = instance();
    EntityExchangeResult<JsonNode> first = post(api.operator(), request);
    assertThat(first.getStatus().value()).isEqualTo(201);
    assertProblem(post(api.operator(), request), 409, "request-under-way");

    endOfTrouble();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(post(api.operator(), request).getResponseBody())
                .isEqualTo(first.getResponseBody()));
  }

  @Test
  void whereTheAnswerIsLostTheRequestIsNotDoneAgainAndSaysSo() {
    atKeepingTheAnswer(OUTAGE);
    long instance = Instances.register();
    String first = sync(instance);
    Instances.execute(
        "UPDATE operation SET status = 'failed', finished_at = now() WHERE instance_id = %d"
            .formatted(instance));
    age("3 min");

    EntityExchangeResult<JsonNode> again =
        post(api.operator(), INSTANCES + "/" + instance + "/sync-databases", null);
    assertProblem(again, 409, "answer-not-kept");
    assertThat(String.valueOf(again.getResponseBody())).contains("was done at", "look up");
    assertThat(
            Instances.text(
                "SELECT string_agg(id::text, ',') FROM operation WHERE instance_id = " + instance))
        .isEqualTo(first);
  }

  @Test
  void aKeyIsForgottenAfterADay() {
    post(api.operator(), instance());
    age("23 h");
    assertThat(post(api.operator(), instance()).getStatus().value()).isEqualTo(422);
    age("25 h");
    assertThat(post(api.operator(), instance()).getStatus().value()).isEqualTo(201);
  }

  @Test
  void signingInKnowsNoKeys() {
    String username = api.newUser("viewer");
    WebTestClient signedIn = api.signIn(username, api.passwordOfUsers());
    Map<String, Object> request = Map.of("username", username, "password", api.passwordOfUsers());
    String csrf =
        Objects.requireNonNull(post(signedIn, "/api/v1/session", request).getResponseBody())
            .get("csrf_token")
            .asString();
    EntityExchangeResult<JsonNode> again = post(signedIn, "/api/v1/session", request);
    assertThat(again.getStatus().value()).isEqualTo(200);
    assertThat(again.getResponseCookies()).containsKey("cadastre_session");
    assertThat(Objects.requireNonNull(again.getResponseBody()).get("csrf_token").asString())
        .isNotEqualTo(csrf);
    assertThat(Instances.text("SELECT count(*) FROM idempotency_key WHERE key = '" + key + "'"))
        .isEqualTo("0");
  }

  @Test
  void whatIsKeptOfARequestGivesNoPasswordAway() throws Exception {
    Map<String, Object> request = instance();
    byte[] body = JsonMapper.shared().writeValueAsBytes(request);
    EntityExchangeResult<JsonNode> made =
        api.operator()
            .post()
            .uri(INSTANCES)
            .header(KEY, key)
            .contentType(MediaType.APPLICATION_JSON)
            .bodyValue(body)
            .exchange()
            .expectBody(JsonNode.class)
            .returnResult();
    assertThat(made.getStatus().value()).isEqualTo(201);

    String kept =
        Instances.text(
            "SELECT encode(request_mac, 'hex') FROM idempotency_key WHERE key = '" + key + "'");
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

  /** Somebody else is about to take the name, so that whoever wants it waits. */
  private static void hold(Connection other, Map<String, Object> request) throws SQLException {
    other.setAutoCommit(false);
    try (PreparedStatement insert =
        other.prepareStatement(
            """
            INSERT INTO instance (name, engine, host, port, username, tls_mode, created_at, updated_at)
            VALUES (?, 'postgresql', 'elsewhere', 5432, ?, 'disabled', now(), now())
            """)) {
      insert.setString(1, String.valueOf(request.get("name")));
      insert.setString(2, String.valueOf(request.get("name")));
      insert.execute();
    }
  }

  private static void awaitWaiting(int requests) throws SQLException {
    try (Connection superuser = SharedRegister.connect(LocalPostgres.shared().superuser());
        PreparedStatement waiting =
            superuser.prepareStatement(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE usename = 'cadastre_gateway' AND wait_event_type = 'Lock'
                  AND datname = current_database() AND query LIKE '%INSERT INTO instance (%'
                """)) {
      await()
          .atMost(PATIENCE)
          .pollInSameThread()
          .until(() -> {
            try (ResultSet count = waiting.executeQuery()) {
              return count.next() && count.getInt(1) == requests;
            }
          });
    }
  }

  private CompletableFuture<EntityExchangeResult<JsonNode>> posting(Map<String, Object> request) {
    WebTestClient client = api.operator();
    return CompletableFuture.supplyAsync(() -> post(client, request), Thread::startVirtualThread);
  }

  private void age(String interval) {
    Instances.execute(
        "UPDATE idempotency_key SET claimed_at = now() - interval '%s' WHERE key = '%s'"
            .formatted(interval, key));
  }

  /** From now on this happens whenever the answer of this test's key is to be kept. */
  private void atKeepingTheAnswer(String trouble) {
    Instances.execute(
        """
        CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN %s; RETURN new; END $$;
        CREATE TRIGGER trouble BEFORE UPDATE ON idempotency_key FOR EACH ROW
          WHEN (new.key = '%s' AND new.answer_status IS NOT NULL) EXECUTE FUNCTION trouble()
        """
            .formatted(trouble, key));
  }

  @AfterEach
  void endOfTrouble() {
    Instances.execute("DROP FUNCTION IF EXISTS trouble CASCADE");
  }

  private static void assertProblem(
      EntityExchangeResult<JsonNode> answer, int status, String type) {
    assertThat(answer.getStatus().value()).as("%s", answer.getResponseBody()).isEqualTo(status);
    assertThat(Objects.requireNonNull(answer.getResponseBody()).get("type").asString())
        .isEqualTo("urn:cadastre:problem:" + type);
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
      WebTestClient client, String path, @Nullable Map<String, Object> request) {
    WebTestClient.RequestBodySpec post = client.post().uri(path).header(KEY, key);
    return (request == null ? post : post.bodyValue(request))
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
