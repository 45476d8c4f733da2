package io.cadastre.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.SharedRegister;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseCookie;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayTest
class SessionTest {

  private static final String PATH = "/api/v1/session";

  private final Api api;

  SessionTest(Api api) {
    this.api = api;
  }

  @Test
  void theCookieIsOutOfReachOfScriptsAndOtherSites() {
    String username = api.newUser("viewer");
    ResponseCookie cookie =
        api.anonymous()
            .post()
            .uri(PATH)
            .bodyValue(Map.of("username", username, "password", api.passwordOfUsers()))
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(Void.class)
            .returnResult()
            .getResponseCookies()
            .getFirst("cadastre_session");

    assertThat(cookie)
        .asString()
        .contains("; Path=/;", "; HttpOnly", "; SameSite=Strict")
        .doesNotContain("; Secure");
  }

  @Test
  void aSessionSaysWhoIsSignedIn() {
    api.operator()
        .get()
        .uri(PATH)
        .exchange()
        .expectBody()
        .jsonPath("$.role")
        .isEqualTo("operator")
        .jsonPath("$.csrf_token")
        .isNotEmpty();
    api.anonymous().get().uri(PATH).exchange().expectStatus().isUnauthorized();
  }

  @Test
  void aWrongPasswordAndAnUnknownNameAnswerAlike() {
    String username = api.newUser("viewer");
    String wrong = refused(username, "not the password at all");
    String unknown = refused(api.unique("nobody"), "not the password at all");
    String tooLongForBcrypt = refused(username, "x".repeat(150));

    assertThat(wrong).isEqualTo(unknown).isEqualTo(tooLongForBcrypt);
  }

  private String refused(String username, String password) {
    return String.valueOf(
        api.anonymousFrom("127.0.0.11")
            .post()
            .uri(PATH)
            .bodyValue(Map.of("username", username, "password", password))
            .exchange()
            .expectStatus()
            .isUnauthorized()
            .expectBody(String.class)
            .returnResult()
            .getResponseBody());
  }

  @Test
  void afterSigningOutTheCookieIsWorthNothing() {
    WebTestClient client = api.signIn(api.newUser("viewer"), api.passwordOfUsers());

    client
        .delete()
        .uri(PATH)
        .exchange()
        .expectStatus()
        .isNoContent()
        .expectCookie()
        .maxAge("cadastre_session", Duration.ZERO);
    client.get().uri(PATH).exchange().expectStatus().isUnauthorized();
  }

  @Test
  void withoutTheCsrfTokenASessionOnlyReads() {
    WebTestClient client = api.signIn(api.newUser("operator"), api.passwordOfUsers());
    String path = "/api/v1/instances/987654321";

    client.delete().uri(path).exchange().expectStatus().isNotFound();
    client
        .delete()
        .uri(path)
        .headers(headers -> headers.remove("X-CSRF-Token"))
        .exchange()
        .expectStatus()
        .isForbidden();
    client
        .delete()
        .uri(path)
        .headers(headers -> headers.set("X-CSRF-Token", "guessed"))
        .exchange()
        .expectStatus()
        .isForbidden();
    client
        .get()
        .uri("/api/v1/instances")
        .headers(headers -> headers.remove("X-CSRF-Token"))
        .exchange()
        .expectStatus()
        .isOk();
  }

  @Test
  void aSessionEndsWhenItIsNotUsedAndWhenItIsOld() throws SQLException {
    String username = api.newUser("viewer");
    WebTestClient idle = api.signIn(username, api.passwordOfUsers());
    age(username, "last_used_at", "9 hours");
    idle.get().uri(PATH).exchange().expectStatus().isUnauthorized();

    WebTestClient old = api.signIn(username, api.passwordOfUsers());
    age(username, "created_at", "8 days");
    old.get().uri(PATH).exchange().expectStatus().isUnauthorized();
  }

  @Test
  void usingASessionKeepsItAlive() throws SQLException {
    String username = api.newUser("viewer");
    WebTestClient client = api.signIn(username, api.passwordOfUsers());
    age(username, "last_used_at", "7 hours");
    client.get().uri(PATH).exchange().expectStatus().isOk();
    age(username, "last_used_at", "7 hours");
    client.get().uri(PATH).exchange().expectStatus().isOk();
  }

  private static void age(String username, String column, String by) throws SQLException {
    try (var connection = SharedRegister.connect("postgres");
        var statement = connection.createStatement()) {
      statement.execute(
          "UPDATE session SET %s = %s - interval '%s' WHERE username = '%s'"
              .formatted(column, column, by, username));
    }
  }
}
