package io.cadastre.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.SharedRegister;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

@GatewayTest
class TokenTest {

  private static final String PATH = "/api/v1/tokens";

  private final Api api;

  TokenTest(Api api) {
    this.api = api;
  }

  @Test
  void aTokenSignsInWithoutCookieAndCsrfToken() {
    WebTestClient owner = api.signIn(api.newUser("operator"), api.passwordOfUsers());
    JsonNode token = issue(owner, "operator", null);
    WebTestClient program = bearer(token.get("token").stringValue());

    program
        .get()
        .uri("/api/v1/session")
        .exchange()
        .expectBody()
        .jsonPath("$.role")
        .isEqualTo("operator")
        .jsonPath("$.csrf_token")
        .isEmpty();
    program.delete().uri("/api/v1/instances/987654321").exchange().expectStatus().isNotFound();
  }

  @Test
  void aTokenIsShownOnceAndKeptAsAHash() throws SQLException {
    WebTestClient owner = api.signIn(api.newUser("viewer"), api.passwordOfUsers());
    String secret = issue(owner, "viewer", null).get("token").stringValue();

    assertThat(secret).startsWith("cad_").hasSizeGreaterThan(40);
    String list =
        String.valueOf(
            owner
                .get()
                .uri(PATH)
                .exchange()
                .expectBody(String.class)
                .returnResult()
                .getResponseBody());
    assertThat(list).doesNotContain(secret.substring(4));
    try (var connection = SharedRegister.connect("postgres");
        var result =
            connection
                .createStatement()
                .executeQuery("SELECT string_agg(t::text, ' ') FROM api_token t")) {
      result.next();
      assertThat(result.getString(1)).doesNotContain(secret.substring(4));
    }
  }

  @Test
  void aRevokedAnExpiredAndAnUnknownTokenAreRefused() throws SQLException {
    WebTestClient owner = api.signIn(api.newUser("viewer"), api.passwordOfUsers());
    JsonNode revoked = issue(owner, "viewer", null);
    JsonNode expired = issue(owner, "viewer", Instant.now().plusSeconds(3600));
    bearer(revoked.get("token").stringValue()).get().uri(PATH).exchange().expectStatus().isOk();

    owner.delete().uri(PATH + "/" + revoked.get("id")).exchange().expectStatus().isNoContent();
    expire(expired.get("id").longValue());

    for (String token :
        new String[] {
          revoked.get("token").stringValue(),
          expired.get("token").stringValue(),
          "cad_none",
          "other"
        }) {
      bearer(token).get().uri(PATH).exchange().expectStatus().isUnauthorized();
    }
    owner.delete().uri(PATH + "/" + revoked.get("id")).exchange().expectStatus().isNotFound();
  }

  private static void expire(long id) throws SQLException {
    try (var connection = SharedRegister.connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute("UPDATE api_token SET expires_at = now() WHERE id = " + id);
    }
  }

  @Test
  void aTokenMayNotDoMoreThanItsOwner() {
    String username = api.newUser("operator");
    WebTestClient owner = api.signIn(username, api.passwordOfUsers());
    request(owner, "admin", null).expectStatus().isBadRequest();
    String token = issue(owner, "operator", null).get("token").stringValue();

    api.admin()
        .patch()
        .uri("/api/v1/users/" + username)
        .header("If-Match", "*")
        .bodyValue(Map.of("role", "viewer"))
        .exchange()
        .expectStatus()
        .isOk();
    bearer(token).delete().uri("/api/v1/instances/1").exchange().expectStatus().isForbidden();
  }

  @Test
  void aTokenMakesNoTokensAndChangesNoPasswords() {
    String username = api.newUser("viewer");
    WebTestClient owner = api.signIn(username, api.passwordOfUsers());
    WebTestClient program = bearer(issue(owner, "viewer", null).get("token").stringValue());

    request(program, "viewer", null).expectStatus().isForbidden();
    program
        .put()
        .uri("/api/v1/users/" + username + "/password")
        .bodyValue(
            Map.of("current_password", api.passwordOfUsers(), "new_password", "stolen for good"))
        .exchange()
        .expectStatus()
        .isForbidden();
  }

  @Test
  void tokensOfOthersAreAnAdminsBusiness() {
    String username = api.newUser("viewer");
    WebTestClient owner = api.signIn(username, api.passwordOfUsers());
    long id = issue(owner, "viewer", null).get("id").longValue();

    api.viewer().delete().uri(PATH + "/" + id).exchange().expectStatus().isNotFound();
    api.viewer().get().uri(PATH + "?username=" + username).exchange().expectStatus().isForbidden();
    api.admin()
        .get()
        .uri(PATH + "?username=" + username)
        .exchange()
        .expectBody()
        .jsonPath("$.items[0].id")
        .isEqualTo(id);
    api.admin().delete().uri(PATH + "/" + id).exchange().expectStatus().isNoContent();
  }

  @Test
  void tokensComeInPages() {
    WebTestClient owner = api.signIn(api.newUser("viewer"), api.passwordOfUsers());
    List<Long> made = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      made.add(issue(owner, "viewer", null).get("id").longValue());
    }

    List<Long> read = new ArrayList<>();
    String next = "?limit=2";
    for (int pages = 0; !next.isEmpty(); pages++) {
      assertThat(pages).isLessThan(3);
      JsonNode page = Api.body(owner.get().uri(PATH + next).exchange().expectStatus().isOk());
      page.get("items").forEach(token -> read.add(token.get("id").longValue()));
      String cursor = page.get("next_cursor").asString("");
      next = cursor.isEmpty() ? "" : "?limit=2&cursor=" + cursor;
    }
    assertThat(read).isEqualTo(made);
    owner.get().uri(PATH + "?cursor=nonsense").exchange().expectStatus().isBadRequest();
  }

  @Test
  void aTokenInThePastOrWithoutANameIsRefused() {
    request(api.viewer(), "viewer", Instant.now().minusSeconds(60)).expectStatus().isBadRequest();
    api.viewer()
        .post()
        .uri(PATH)
        .bodyValue(Map.of("name", " ", "role", "viewer"))
        .exchange()
        .expectStatus()
        .isBadRequest();
  }

  private JsonNode issue(WebTestClient client, String role, @Nullable Instant expiresAt) {
    return Api.body(request(client, role, expiresAt).expectStatus().isCreated());
  }

  private ResponseSpec request(WebTestClient client, String role, @Nullable Instant expiresAt) {
    Map<String, Object> request = new HashMap<>(Map.of("name", api.unique("token"), "role", role));
    if (expiresAt != null) {
      request.put("expires_at", expiresAt);
    }
    return client.post().uri(PATH).bodyValue(request).exchange();
  }

  private WebTestClient bearer(String token) {
    return api.anonymous().mutate().defaultHeader("Authorization", "Bearer " + token).build();
  }
}
