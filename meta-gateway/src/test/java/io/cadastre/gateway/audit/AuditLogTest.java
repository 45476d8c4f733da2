package io.cadastre.gateway.audit;

import static io.cadastre.gateway.fixture.Api.body;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

@GatewayTest
class AuditLogTest {

  private static final String SECRET = "a secret of the audit log's test";

  private final Api api;

  AuditLogTest(Api api) {
    this.api = api;
  }

  @Test
  void everyChangeOfAnInstanceIsThereWithWhatWasBeforeAndAfterButNoSecret() {
    String name = api.unique("audited");
    JsonNode instance =
        post(
            api.operator(), "/api/v1/instances", with(Instances.request(name), "password", SECRET));
    String path = "/api/v1/instances/" + instance.get("id");
    patch(api.operator(), path, "{\"port\": 5433, \"password\": \"%s, again\"}".formatted(SECRET))
        .expectStatus()
        .isOk();
    api.operator()
        .delete()
        .uri(path)
        .header("If-Match", "*")
        .exchange()
        .expectStatus()
        .isNoContent();
    api.operator().post().uri(path + "/restore").exchange().expectStatus().isOk();

    List<JsonNode> entries = log("?entity_type=instance&entity_id=" + instance.get("id"));
    assertThat(entries)
        .extracting(entry -> entry.get("action").asString())
        .containsExactly("restored", "deleted", "updated", "created");
    assertThat(entries).allMatch(entry -> entry.get("actor").asString().startsWith("operator-"));
    JsonNode changed = entries.get(2);
    assertThat(changed.at("/before/port").asInt()).isEqualTo(5432);
    assertThat(changed.at("/after/port").asInt()).isEqualTo(5433);
    assertThat(entries.toString()).doesNotContain(SECRET);
  }

  @Test
  void whoMayWhatIsThereToo() {
    String username = api.newUser("viewer");
    String path = "/api/v1/users/" + username;
    patch(api.admin(), path, "{\"role\": \"operator\"}").expectStatus().isOk();
    WebTestClient user = api.signIn(username, api.passwordOfUsers());
    user.put()
        .uri(path + "/password")
        .bodyValue(Map.of("current_password", api.passwordOfUsers(), "new_password", SECRET))
        .exchange()
        .expectStatus()
        .isNoContent();
    api.admin()
        .put()
        .uri(path + "/password")
        .bodyValue(Map.of("new_password", SECRET + ", again"))
        .exchange()
        .expectStatus()
        .isNoContent();
    api.admin().delete().uri(path).header("If-Match", "*").exchange().expectStatus().isNoContent();

    List<JsonNode> entries = log("?entity_type=user&entity_id=" + username);
    assertThat(entries)
        .extracting(AuditLogTest::action, AuditLogTest::actor)
        .containsExactly(
            tuple("deleted", "admin"),
            tuple("password_changed", "admin"),
            tuple("password_changed", username),
            tuple("updated", "admin"),
            tuple("created", "admin"));
    assertThat(entries.get(3).at("/before/role").asString()).isEqualTo("viewer");
    assertThat(entries.get(3).at("/after/role").asString()).isEqualTo("operator");
    assertThat(log("?entity_type=session&entity_id=" + username))
        .extracting(AuditLogTest::action)
        .containsExactly("signed_in");
    assertThat(log("?limit=500").toString()).doesNotContain(SECRET, api.passwordOfUsers());
  }

  @Test
  void tokensAreThereWithoutWhatTheySay() {
    String username = api.newUser("operator");
    WebTestClient user = api.signIn(username, api.passwordOfUsers());
    JsonNode token = post(user, "/api/v1/tokens", Map.of("name", "ci", "role", "operator"));
    String secret = token.get("token").asString();
    WebTestClient program =
        api.anonymous().mutate().defaultHeader("Authorization", "Bearer " + secret).build();
    JsonNode operation =
        post(program, "/api/v1/instances/" + Instances.register() + "/sync-databases", null);
    user.delete().uri("/api/v1/tokens/" + token.get("id")).exchange().expectStatus().isNoContent();

    List<JsonNode> entries = log("?actor=" + username);
    assertThat(entries)
        .extracting(AuditLogTest::action, AuditLogTest::actor, entry -> text(entry, "entity_id"))
        .containsExactly(
            tuple("revoked", username, token.get("id").toString()),
            tuple("requested", username + "/ci", text(operation, "id")),
            tuple("created", username, token.get("id").toString()),
            tuple("signed_in", username, username));
    assertThat(entries.toString()).doesNotContain(secret);
  }

  @Test
  void whoAsksForWorkIsThereWhetherItStartsOrIsJoined() {
    long instance = Instances.register();
    for (String kind : List.of("sync-databases", "sync-database-sizes", "sync-all")) {
      String path = "/api/v1/instances/" + instance + "/" + kind;
      JsonNode started = post(api.operator(), path, null);
      JsonNode joined = post(api.admin(), path, null);
      assertThat(joined.get("id")).isEqualTo(started.get("id"));

      List<JsonNode> entries = log("?entity_type=operation&entity_id=" + text(started, "id"));
      assertThat(entries).extracting(AuditLogTest::action).containsOnly("requested").hasSize(2);
      assertThat(actor(entries.get(0))).isEqualTo("admin");
      assertThat(actor(entries.get(1))).startsWith("operator-");
      assertThat(entries)
          .allSatisfy(entry -> {
            assertThat(entry.at("/after/instance_id").asLong()).isEqualTo(instance);
            assertThat(entry.at("/after/kind").asString()).isEqualTo(kind.replace('-', '_'));
            assertThat(text(entry, "operation_id")).isEqualTo(text(started, "id"));
          });
    }
    JsonNode test =
        post(api.operator(), "/api/v1/instances/" + instance + "/test-connection", null);
    assertThat(log("?entity_id=" + text(test, "id")))
        .singleElement()
        .satisfies(
            entry -> assertThat(entry.at("/after/kind").asString()).isEqualTo("test_connection"));
  }

  @Test
  void whatBecameOfHeldScansIsThere() {
    try (FakeWorker worker = new FakeWorker()) {
      for (String decision : List.of("apply", "reject")) {
        long instance = Instances.register();
        worker.script(instance, command -> Answers.of(command, "a", "b", "c", "d", "e", "f"));
        syncToTheEnd(instance);
        worker.script(instance, command -> Answers.of(command, "a"));
        JsonNode held = syncToTheEnd(instance);
        assertThat(text(held, "status")).isEqualTo("held");
        JsonNode scan =
            body(api.viewer().get().uri("/api/v1/held-scans?instance_id=" + instance).exchange())
                .at("/items/0");
        String id = text(scan, "scan_id");
        post(api.operator(), "/api/v1/held-scans/" + id + "/" + decision, null);

        assertThat(log("?entity_type=held_scan&entity_id=" + id))
            .singleElement()
            .satisfies(entry -> {
              assertThat(action(entry))
                  .isEqualTo(decision.equals("apply") ? "applied" : "rejected");
              assertThat(actor(entry)).startsWith("operator-");
              assertThat(text(entry, "operation_id")).isEqualTo(text(held, "id"));
              assertThat(entry.at("/before/instance_id").asLong()).isEqualTo(instance);
            });
      }
    }
  }

  @Test
  void schedulesAreThereWithWhoChangedAndRanThem() {
    JsonNode before =
        body(api.viewer().get().uri("/api/v1/schedules/sizes").exchange().expectStatus().isOk());
    Map<String, Object> settings = new LinkedHashMap<>();
    for (String name : List.of("cron", "time_zone", "spread_minutes", "parallel", "enabled")) {
      settings.put(name, before.get(name));
    }
    schedule(with(settings, "cron", "30 2 * * 1"));
    schedule(settings);
    JsonNode changed = log("?entity_type=schedule&entity_id=sizes").get(1);
    assertThat(action(changed)).isEqualTo("updated");
    assertThat(actor(changed)).isEqualTo("admin");
    assertThat(changed.at("/before/cron")).isEqualTo(before.get("cron"));
    assertThat(changed.at("/after/cron").asString()).isEqualTo("30 2 * * 1");

    String underWay = underWay();
    try {
      assertThat(text(post(api.admin(), "/api/v1/schedules/sizes/run", null), "id"))
          .isEqualTo(underWay);
    } finally {
      Instances.execute("DELETE FROM run WHERE id = '" + underWay + "'");
    }
    assertThat(log("?entity_type=run&entity_id=" + underWay))
        .singleElement()
        .satisfies(entry -> {
          assertThat(action(entry)).isEqualTo("requested");
          assertThat(actor(entry)).isEqualTo("admin");
          assertThat(entry.at("/after/job").asString()).isEqualTo("sizes");
        });
  }

  /** A run to be joined that goes nowhere: a real one would ask every instance of every test. */
  private static String underWay() {
    String id = UUID.randomUUID().toString();
    Instances.execute(
        """
        BEGIN;
        INSERT INTO run (id, job, trigger, fire_time, requested_by, parallel, status, started_at)
        VALUES ('%s', 'sizes', 'manual', now(), 'ada', 1, 'running', now());
        INSERT INTO run_item (run_id, instance_id, planned_at, status, started_at)
        VALUES ('%s', %d, now(), 'running', now());
        COMMIT
        """
            .formatted(id, id, Instances.register()));
    return id;
  }

  private static Map<String, Object> with(Map<String, Object> settings, String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(settings);
    changed.put(name, value);
    return changed;
  }

  private void schedule(Map<String, Object> settings) {
    api.admin()
        .put()
        .uri("/api/v1/schedules/sizes")
        .header("If-Match", "*")
        .bodyValue(settings)
        .exchange()
        .expectStatus()
        .isOk();
  }

  @Test
  void onlyAdminsReadIt() {
    api.operator().get().uri("/api/v1/audit-log").exchange().expectStatus().isForbidden();
    api.anonymous().get().uri("/api/v1/audit-log").exchange().expectStatus().isUnauthorized();
  }

  private JsonNode syncToTheEnd(long instance) {
    return body(
        api.operator()
            .post()
            .uri("/api/v1/instances/{id}/sync-databases", instance)
            .header("Prefer", "wait=60")
            .exchange()
            .expectStatus()
            .isOk());
  }

  private static JsonNode post(WebTestClient client, String path, @Nullable Object body) {
    var request = client.post().uri(path);
    return body(
        (body == null ? request : request.bodyValue(body))
            .exchange()
            .expectStatus()
            .is2xxSuccessful());
  }

  private static WebTestClient.ResponseSpec patch(WebTestClient client, String path, String patch) {
    return client
        .patch()
        .uri(path)
        .header("If-Match", "*")
        .contentType(MediaType.valueOf("application/merge-patch+json"))
        .bodyValue(patch)
        .exchange();
  }

  private static String action(JsonNode entry) {
    return text(entry, "action");
  }

  private static String actor(JsonNode entry) {
    return text(entry, "actor");
  }

  private static String text(JsonNode node, String name) {
    return node.get(name).asString();
  }

  private List<JsonNode> log(String query) {
    return body(api.admin().get().uri("/api/v1/audit-log" + query).exchange().expectStatus().isOk())
        .get("items")
        .valueStream()
        .toList();
  }
}
