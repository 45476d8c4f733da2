package io.cadastre.gateway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
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
        Objects.requireNonNull(
            api.operator()
                .post()
                .uri("/api/v1/instances")
                .bodyValue(
                    Map.of(
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
                        SECRET))
                .exchange()
                .expectStatus()
                .isCreated()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody());
    String path = "/api/v1/instances/" + instance.get("id");
    api.operator()
        .patch()
        .uri(path)
        .header("If-Match", "*")
        .contentType(MediaType.valueOf("application/merge-patch+json"))
        .bodyValue("{\"port\": 5433, \"password\": \"%s, again\"}".formatted(SECRET))
        .exchange()
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
    assertThat(log("?entity_id=" + username))
        .extracting(
            entry -> entry.get("entity_type").asString(), entry -> entry.get("actor").asString())
        .containsExactly(tuple("user", "admin"));
    assertThat(log("?entity_id=" + username).toString()).doesNotContain(api.passwordOfUsers());
  }

  @Test
  void onlyAdminsReadIt() {
    api.operator().get().uri("/api/v1/audit-log").exchange().expectStatus().isForbidden();
    api.anonymous().get().uri("/api/v1/audit-log").exchange().expectStatus().isUnauthorized();
  }

  private List<JsonNode> log(String query) {
    return Objects.requireNonNull(
            api.admin()
                .get()
                .uri("/api/v1/audit-log" + query)
                .exchange()
                .expectStatus()
                .isOk()
                .expectBody(JsonNode.class)
                .returnResult()
                .getResponseBody())
        .get("items")
        .valueStream()
        .toList();
  }
}
