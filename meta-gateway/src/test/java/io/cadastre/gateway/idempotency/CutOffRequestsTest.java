package io.cadastre.gateway.idempotency;

import static io.cadastre.gateway.idempotency.KeyedRequests.INSTANCES;
import static io.cadastre.gateway.idempotency.KeyedRequests.assertProblem;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.gateway.database.MetadataDatabase;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import io.cadastre.gateway.fixture.SharedRegister;
import io.cadastre.localservers.LocalPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.test.web.reactive.server.EntityExchangeResult;
import tools.jackson.databind.JsonNode;

/** Requests with a key that are slow, cut off, overtaken, or whose answer is lost. */
@GatewayTest
class CutOffRequestsTest {

  /** What PostgreSQL answers while it shuts down. */
  private static final String OUTAGE = "RAISE 'shutting down' USING ERRCODE = '57P01'";

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Api api;
  private final KeyedRequests requests;

  CutOffRequestsTest(Api api) {
    this.api = api;
    requests = new KeyedRequests(api);
  }

  @Test
  void anAnswerIsKeptBeforeTheClientHasIt() {
    atKeepingTheAnswer("PERFORM pg_sleep(1)");
    Map<String, Object> request = requests.instance();
    requests.post(api.operator(), request);
    assertThat(
            requests
                .post(api.operator(), request)
                .getResponseHeaders()
                .getFirst("Idempotent-Replayed"))
        .isEqualTo("true");
  }

  @Test
  void aRequestThatWasCutOffWithItsGatewayMayBeSentAgainLater() {
    Map<String, Object> request = requests.instance();
    requests.post(api.operator(), request);
    Instances.execute(
        "UPDATE idempotency_key SET answer_status = NULL, committed_at = NULL WHERE key = '%s'"
            .formatted(requests.key()));
    assertProblem(requests.post(api.operator(), request), 409, "request-under-way");

    requests.age("3 min");
    assertThat(String.valueOf(requests.post(api.operator(), request).getResponseBody()))
        .contains("name", "conflict");
  }

  @Test
  void whatIsSentAgainWhileItIsWorkedOnIsToldWhenToComeAgain() throws Exception {
    Map<String, Object> request = requests.instance();
    try (Connection other = SharedRegister.connect(MetadataDatabase.OWNER)) {
      hold(other, request);
      CompletableFuture<EntityExchangeResult<JsonNode>> first = requests.posting(request);
      awaitWaiting(1);
      EntityExchangeResult<JsonNode> again = requests.post(api.operator(), request);
      assertProblem(again, 409, "request-under-way");
      assertThat(again.getResponseHeaders().getFirst(HttpHeaders.RETRY_AFTER)).isEqualTo("1");
      assertProblem(
          requests.post(api.operator(), requests.instance()), 422, "idempotency-key-reused");
      other.rollback();
      assertThat(first.get(60, TimeUnit.SECONDS).getStatus().value()).isEqualTo(201);
    }
    assertThat(requests.post(api.operator(), request).getStatus().value()).isEqualTo(201);
  }

  @Test
  void whoWasOvertakenByALaterAttemptCommitsNothing() throws Exception {
    Map<String, Object> request = requests.instance();
    try (Connection other = SharedRegister.connect(MetadataDatabase.OWNER)) {
      hold(other, request);
      CompletableFuture<EntityExchangeResult<JsonNode>> slow = requests.posting(request);
      awaitWaiting(1);
      requests.age("3 min");
      CompletableFuture<EntityExchangeResult<JsonNode>> later = requests.posting(request);
      awaitWaiting(2);
      other.rollback();
      assertThat(later.get(60, TimeUnit.SECONDS).getStatus().value()).isEqualTo(201);
      assertProblem(slow.get(60, TimeUnit.SECONDS), 409, "conflict");
      assertThat(requests.post(api.operator(), request).getResponseBody())
          .isEqualTo(later.resultNow().getResponseBody());
    }
  }

  /** In the statement that keeps the answer, when the work is committed. */
  @Test
  void anOutageAfterTheWorkDelaysTheAnswerThatIsKept() {
    atKeepingTheAnswer(OUTAGE);
    Map<String, Object> request = requests.instance();
    EntityExchangeResult<JsonNode> first = requests.post(api.operator(), request);
    assertThat(first.getStatus().value()).isEqualTo(201);
    assertProblem(requests.post(api.operator(), request), 409, "request-under-way");

    endOfTrouble();
    await()
        .atMost(PATIENCE)
        .untilAsserted(() ->
            assertThat(requests.post(api.operator(), request).getResponseBody())
                .isEqualTo(first.getResponseBody()));
  }

  @Test
  void whereTheAnswerIsLostTheRequestIsNotDoneAgainAndSaysSo() {
    atKeepingTheAnswer(OUTAGE);
    long instance = Instances.register();
    String first = requests.sync(instance);
    Instances.execute(
        "UPDATE operation SET status = 'failed', finished_at = now() WHERE instance_id = %d"
            .formatted(instance));
    requests.age("3 min");

    EntityExchangeResult<JsonNode> again =
        requests.post(api.operator(), INSTANCES + "/" + instance + "/sync-databases", null);
    assertProblem(again, 409, "answer-not-kept");
    assertThat(String.valueOf(again.getResponseBody())).contains("was done at", "look up");
    assertThat(
            Instances.text(
                "SELECT string_agg(id::text, ',') FROM operation WHERE instance_id = " + instance))
        .isEqualTo(first);
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

  /** From now on this happens whenever the answer of this test's key is to be kept. */
  private void atKeepingTheAnswer(String trouble) {
    Instances.execute(
        """
        CREATE FUNCTION trouble() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN %s; RETURN new; END $$;
        CREATE TRIGGER trouble BEFORE UPDATE ON idempotency_key FOR EACH ROW
          WHEN (new.key = '%s' AND new.answer_status IS NOT NULL) EXECUTE FUNCTION trouble()
        """
            .formatted(trouble, requests.key()));
  }

  @AfterEach
  void endOfTrouble() {
    Instances.execute("DROP FUNCTION IF EXISTS trouble CASCADE");
  }
}
