package io.cadastre.gateway.account;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.StatusAssertions;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.json.JsonMapper;

@GatewayTest
class UserTest {

  private static final String PATH = "/api/v1/users";

  private final Api api;

  UserTest(Api api) {
    this.api = api;
  }

  @Test
  void anAdminAddsReadsAndRemovesUsers() {
    String username = api.newUser("operator");

    api.admin()
        .get()
        .uri(PATH + "/" + username)
        .exchange()
        .expectHeader()
        .valueEquals("ETag", "\"1\"")
        .expectBody()
        .jsonPath("$.role")
        .isEqualTo("operator")
        .jsonPath("$.password_hash")
        .doesNotExist();
    api.admin().delete().uri(PATH + "/" + username).exchange().expectStatus().isNoContent();
    api.admin().get().uri(PATH + "/" + username).exchange().expectStatus().isNotFound();
  }

  @Test
  void usersAreListedAPageAtATime() {
    api.newUser("viewer");
    api.newUser("viewer");
    String cursor =
        new JsonMapper()
            .readTree(
                api.admin()
                    .get()
                    .uri(PATH + "?limit=1")
                    .exchange()
                    .expectStatus()
                    .isOk()
                    .expectBody(String.class)
                    .returnResult()
                    .getResponseBody())
            .get("next_cursor")
            .stringValue();

    api.admin()
        .get()
        .uri(PATH + "?limit=1&cursor=" + cursor)
        .exchange()
        .expectBody()
        .jsonPath("$.items.length()")
        .isEqualTo(1);
  }

  @Test
  void aNameThatIsTakenOrBadAndAWeakPasswordAreRefused() {
    String username = api.newUser("viewer");
    add(username, "long enough for us", "viewer").isEqualTo(409);
    add("Upper", "long enough for us", "viewer").isBadRequest();
    add("a/b", "long enough for us", "viewer").isBadRequest();
    add(api.unique("weak"), "elevenchars", "viewer").isBadRequest();
    add(api.unique("long"), "ü".repeat(40), "viewer").isBadRequest();
  }

  private StatusAssertions add(String username, String password, String role) {
    return api.admin()
        .post()
        .uri(PATH)
        .bodyValue(Map.of("username", username, "password", password, "role", role))
        .exchange()
        .expectStatus();
  }

  @Test
  void aNewRoleHoldsAtOnceInSessionsThatAreOpen() {
    String username = api.newUser("viewer");
    WebTestClient client = api.signIn(username, api.passwordOfUsers());
    client.get().uri(PATH).exchange().expectStatus().isForbidden();

    setRole(username, "admin", "\"1\"").isOk();
    client.get().uri(PATH).exchange().expectStatus().isOk();
    setRole(username, "viewer", "\"1\"").isEqualTo(412);
    setRole(username, "viewer", "\"2\"").isOk();
    client.get().uri(PATH).exchange().expectStatus().isForbidden();
  }

  private StatusAssertions setRole(String username, String role, String ifMatch) {
    return api.admin()
        .patch()
        .uri(PATH + "/" + username)
        .header("If-Match", ifMatch)
        .bodyValue(Map.of("role", role))
        .exchange()
        .expectStatus();
  }

  @Test
  void nobodyCanDeleteThemselvesAndAnUnknownUserIsNotFound() {
    api.admin().delete().uri(PATH + "/admin").exchange().expectStatus().isEqualTo(409);
    api.admin().delete().uri(PATH + "/nobody-here").exchange().expectStatus().isNotFound();
  }

  @Test
  void aRemovedUserIsSignedOut() {
    String username = api.newUser("viewer");
    WebTestClient client = api.signIn(username, api.passwordOfUsers());
    api.admin().delete().uri(PATH + "/" + username).exchange().expectStatus().isNoContent();

    client.get().uri("/api/v1/session").exchange().expectStatus().isUnauthorized();
  }

  @Test
  void changingThePasswordNeedsTheOldOneAndEndsOtherSessions() {
    String username = api.newUser("viewer");
    WebTestClient here = api.signIn(username, api.passwordOfUsers());
    WebTestClient elsewhere = api.signIn(username, api.passwordOfUsers());
    String next = "the next password";

    setPassword(here, username, Map.of("current_password", "wrong", "new_password", next))
        .isBadRequest();
    setPassword(here, username, Map.of("new_password", next)).isBadRequest();
    setPassword(
            here,
            username,
            Map.of("current_password", api.passwordOfUsers(), "new_password", "short"))
        .isBadRequest();
    setPassword(
            here, username, Map.of("current_password", api.passwordOfUsers(), "new_password", next))
        .isNoContent();

    here.get().uri("/api/v1/session").exchange().expectStatus().isOk();
    elsewhere.get().uri("/api/v1/session").exchange().expectStatus().isUnauthorized();
    api.signIn(username, next);
  }

  @Test
  void onlyAnAdminSetsThePasswordOfAnother() {
    String username = api.newUser("viewer");
    Map<String, String> request = Map.of("new_password", "given by the admin");

    setPassword(api.operator(), username, request).isForbidden();
    setPassword(api.admin(), username, request).isNoContent();
    api.signIn(username, "given by the admin");
  }

  private StatusAssertions setPassword(
      WebTestClient client, String username, Map<String, String> request) {
    return client
        .put()
        .uri(PATH + "/" + username + "/password")
        .bodyValue(request)
        .exchange()
        .expectStatus();
  }
}
