package io.cadastre.gateway.instance;

import static io.cadastre.gateway.fixture.Api.body;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import io.cadastre.gateway.fixture.SharedRegister;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

@GatewayTest
class InstanceApiTest {

  private static final String PATH = "/api/v1/instances";

  private final Api api;
  private final RegisteredInstances registered;

  InstanceApiTest(Api api, RegisteredInstances registered) {
    this.api = api;
    this.registered = registered;
  }

  @Test
  void aRegisteredInstanceIsShownWithEverythingButItsPassword() {
    String name = api.unique("orders");
    JsonNode created =
        body(
            register(
                    Map.of(
                        "name",
                        name,
                        "engine",
                        "mysql",
                        "host",
                        "DB1.Example.Internal.",
                        "port",
                        3306,
                        "username",
                        name,
                        "password",
                        "s3cret-of-" + name,
                        "tags",
                        Map.of("env", "production"),
                        "databases",
                        Map.of("exclude", List.of("tmp_*")),
                        "capacity_bytes",
                        9_000_000_000_000L))
                .expectStatus()
                .isCreated()
                .expectHeader()
                .valueEquals("ETag", "\"1\""));

    assertThat(created.get("host").stringValue()).isEqualTo("db1.example.internal");
    assertThat(created.get("has_password").booleanValue()).isTrue();
    assertThat(created.get("tls").get("mode").stringValue()).isEqualTo("required");
    assertThat(created.get("health").get("status").stringValue()).isEqualTo("unknown");
    assertThat(created.toString()).doesNotContain("s3cret-of");
    assertThat(read(id(created))).isEqualTo(created);
  }

  @Test
  void thePasswordIsSealedForItsInstance() {
    String password = "pä$$ '\"\\ wörd";
    long id = registerOne("sealed", Map.of("password", password));

    InstanceConnection connection =
        Objects.requireNonNull(registered.live(id).block()).connection();

    assertThat(
            SharedRegister.opener()
                .open(
                    Objects.requireNonNull(connection.password()),
                    InstanceConnection.secretContext(id)))
        .asString(StandardCharsets.UTF_8)
        .isEqualTo(password);
  }

  @Test
  void aChangeNeedsTheVersionItIsBasedOn() {
    long id = registerOne("versioned", Map.of());

    patch(id, null, Map.of("capacity_bytes", 5)).expectStatus().isEqualTo(428);
    patch(id, "\"7\"", Map.of("capacity_bytes", 5)).expectStatus().isEqualTo(412);
    patch(id, "seven", Map.of("capacity_bytes", 5)).expectStatus().isBadRequest();
    JsonNode changed = body(patch(id, "\"1\"", Map.of("capacity_bytes", 5)).expectStatus().isOk());
    assertThat(changed.get("version").longValue()).isEqualTo(2);
    assertThat(changed.get("capacity_bytes").longValue()).isEqualTo(5);
    patch(id, "\"1\"", Map.of("capacity_bytes", 6)).expectStatus().isEqualTo(412);
  }

  @Test
  void aTagIsFoundByAllOfItsValueOrByItsKeyAlone() {
    String key = api.unique("team");
    long id = registerOne("tagged", Map.of("tags", Map.of(key, "hr, pay: all")));

    for (String tag : List.of(key + ":hr, pay: all", key)) {
      JsonNode found = body(api.viewer().get().uri(PATH + "?tag={tag}", tag).exchange());
      assertThat(found.get("items").values())
          .extracting(item -> item.get("id").longValue())
          .containsExactly(id);
    }
    api.viewer()
        .get()
        .uri(PATH + "?tag={tag}", key + ":hr")
        .exchange()
        .expectBody()
        .jsonPath("$.items")
        .isEmpty();
  }

  @Test
  void aMergePatchChangesWhatItNamesAndRemovesWhatIsNull() {
    long id =
        registerOne("merged", Map.of("tags", Map.of("a", "1", "b", "2"), "capacity_bytes", 7));
    Map<String, Object> tags = new HashMap<>();
    tags.put("a", null);
    tags.put("c", "3");
    Map<String, Object> change = new HashMap<>();
    change.put("tags", tags);
    change.put("capacity_bytes", null);

    JsonNode changed = body(patch(id, "\"1\"", change).expectStatus().isOk());

    assertThat(changed.get("tags").toString()).isEqualTo("{\"b\":\"2\",\"c\":\"3\"}");
    assertThat(changed.get("capacity_bytes").isNull()).isTrue();
  }

  @Test
  void aPasswordIsNotSentToAnotherServerUnlessGivenAgain() {
    long id = registerOne("moved", Map.of("password", "a secret"));
    String host = api.unique("elsewhere");

    patch(id, "\"1\"", Map.of("host", host))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("password");
    patch(id, "\"1\"", Map.of("tls", Map.of("mode", "disabled"))).expectStatus().isBadRequest();
    patch(id, "\"1\"", Map.of("host", host, "password", "a secret")).expectStatus().isOk();
    assertThat(read(id).get("has_password").booleanValue()).isTrue();
  }

  @Test
  void thePasswordCanBeTakenAway() {
    long id = registerOne("open", Map.of("password", "a secret"));
    Map<String, Object> change = new HashMap<>();
    change.put("password", null);

    assertThat(body(patch(id, "\"1\"", change)).get("has_password").booleanValue()).isFalse();
  }

  @Test
  void theEngineStaysWhatItIs() {
    long id = registerOne("engine", Map.of());

    patch(id, "\"1\"", Map.of("engine", "mysql"))
        .expectStatus()
        .isBadRequest()
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("engine");
  }

  @Test
  void whatIsDeletedIsHiddenAndCanBeRestored() {
    String name = api.unique("gone");
    long id = id(body(register(Instances.requestWithoutPassword(name))));

    api.operator().delete().uri(PATH + "/" + id).exchange().expectStatus().isNoContent();

    assertThat(read(id).get("deleted_at").isNull()).isFalse();
    assertThat(list("?search=" + name)).isEmpty();
    assertThat(list("?deleted=true&search=" + name)).hasSize(1);
    api.operator().delete().uri(PATH + "/" + id).exchange().expectStatus().isEqualTo(409);
    patch(id, "\"2\"", Map.of("capacity_bytes", 1)).expectStatus().isEqualTo(409);

    restore(id).expectStatus().isOk();
    assertThat(list("?search=" + name)).hasSize(1);
    assertThat(body(restore(id).expectStatus().isOk()).get("version").longValue()).isEqualTo(3);
  }

  @Test
  void whatTookItsNameKeepsADeletedInstanceFromComingBack() {
    String name = api.unique("twice");
    long id = id(body(register(Instances.requestWithoutPassword(name))));
    api.operator().delete().uri(PATH + "/" + id).exchange().expectStatus().isNoContent();
    register(Instances.requestWithoutPassword(name)).expectStatus().isCreated();

    restore(id).expectStatus().isEqualTo(409).expectBody().jsonPath("$.errors[0].field").exists();
  }

  @Test
  void namesAreUniqueWhateverTheirCaseAndAccountsOnOneServerToo() {
    String name = api.unique("unique");
    register(Instances.requestWithoutPassword(name)).expectStatus().isCreated();

    Map<String, Object> sameName =
        new HashMap<>(Instances.requestWithoutPassword(api.unique("other")));
    sameName.put("name", name.toUpperCase(Locale.ROOT));
    register(sameName)
        .expectStatus()
        .isEqualTo(409)
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("name");

    Map<String, Object> sameAccount = new HashMap<>(Instances.requestWithoutPassword(name));
    sameAccount.put("name", api.unique("other"));
    register(sameAccount)
        .expectStatus()
        .isEqualTo(409)
        .expectBody()
        .jsonPath("$.errors[0].field")
        .isEqualTo("host");

    sameAccount.put("username", "somebody-else");
    register(sameAccount).expectStatus().isCreated();
  }

  @Test
  void instancesAreFoundByTheirEngine() {
    String name = api.unique("engine");
    register(Instances.requestWithoutPassword(name)).expectStatus().isCreated();

    assertThat(list("?engine=postgresql&search=" + name)).hasSize(1);
    assertThat(list("?engine=mysql&search=" + name)).isEmpty();
  }

  @Test
  void aViewerReadsAndDoesNotWrite() {
    long id = registerOne("viewed", Map.of());

    api.viewer().get().uri(PATH + "/" + id).exchange().expectStatus().isOk();
    api.viewer().delete().uri(PATH + "/" + id).exchange().expectStatus().isForbidden();
    api.viewer()
        .post()
        .uri(PATH)
        .bodyValue(Instances.requestWithoutPassword("x"))
        .exchange()
        .expectStatus()
        .isForbidden();
  }

  @Test
  void anUnknownInstanceIsNotFound() {
    api.viewer()
        .get()
        .uri(PATH + "/987654321")
        .exchange()
        .expectStatus()
        .isNotFound()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
  }

  private long registerOne(String prefix, Map<String, Object> more) {
    Map<String, Object> request =
        new HashMap<>(Instances.requestWithoutPassword(api.unique(prefix)));
    request.putAll(more);
    return id(body(register(request).expectStatus().isCreated()));
  }

  private ResponseSpec register(Map<String, ?> request) {
    return api.operator().post().uri(PATH).bodyValue(request).exchange();
  }

  private ResponseSpec restore(long id) {
    return api.operator().post().uri(PATH + "/" + id + "/restore").exchange();
  }

  private ResponseSpec patch(long id, @Nullable String ifMatch, Map<String, ?> change) {
    return api.operator()
        .patch()
        .uri(PATH + "/" + id)
        .contentType(MediaType.valueOf("application/merge-patch+json"))
        .headers(headers -> {
          if (ifMatch != null) {
            headers.set("If-Match", ifMatch);
          }
        })
        .bodyValue(change)
        .exchange();
  }

  private JsonNode read(long id) {
    return body(api.viewer().get().uri(PATH + "/" + id).exchange().expectStatus().isOk());
  }

  private List<JsonNode> list(String query) {
    JsonNode page = body(api.viewer().get().uri(PATH + query).exchange().expectStatus().isOk());
    return List.copyOf(page.get("items").values());
  }

  private static long id(JsonNode instance) {
    return instance.get("id").longValue();
  }
}
