package io.cadastre.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.http.ResponseCookie;

@GatewayTest
class SessionTest {

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
            .uri("/api/v1/session")
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
}
