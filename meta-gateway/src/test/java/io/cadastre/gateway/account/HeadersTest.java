package io.cadastre.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.AnotherGateway;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.web.server.MockServerWebExchange;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayTest
class HeadersTest {

  private final Api api;
  private final String username;

  HeadersTest(Api api) {
    this.api = api;
    this.username = api.newUser("viewer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/console/icon.svg",
        "/api/v1/instances",
        "/api/v1/openapi.json",
        "/api/docs",
        "/api/docs/docs.js",
        "/api/docs/words.js",
        "/livez",
        "/readyz",
        "/actuator/prometheus",
        "/nothing"
      })
  void browsersAreToldToTrustNobodyElse(String path) {
    api.anonymous()
        .get()
        .uri(path)
        .exchange()
        .expectHeader()
        .valueEquals("X-Content-Type-Options", "nosniff")
        .expectHeader()
        .valueEquals("X-Frame-Options", "DENY")
        .expectHeader()
        .value("Referrer-Policy", policy -> assertThat(policy).isIn("no-referrer", "same-origin"))
        .expectHeader()
        .value(
            "Content-Security-Policy",
            policy ->
                assertThat(policy)
                    .contains("frame-ancestors 'none'")
                    .doesNotContain("unsafe", "http:", "https:"));
  }

  @Test
  void answersOfTheApiAreNotKept() {
    for (String path : new String[] {"/api/v1/instances", "/api/v1/session", "/api/v1/users"}) {
      api.admin()
          .get()
          .uri(path)
          .exchange()
          .expectStatus()
          .isOk()
          .expectHeader()
          .value("Cache-Control", control -> assertThat(control).contains("no-store"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          X-Unused          | -                              | false
          X-Forwarded-Proto | http                           | false
          X-Forwarded-Proto | https                          | true
          X-Forwarded-Proto | HTTPS, http                    | true
          X-Forwarded-Proto | http, https                    | false
          Forwarded         | for=10.0.0.1; proto=https      | true
          Forwarded         | proto="https";for="[::1]:4711" | true
          Forwarded         | proto=http, proto=https        | false
          Forwarded         | for=10.0.0.1                   | false
          """)
  void scriptsCannotReadTheCookieAndOtherSitesCannotSendIt(
      String header, String value, boolean secure) {
    api.anonymous()
        .post()
        .uri("/api/v1/session")
        // As a proxy that ends TLS says it.
        .header(header, value)
        .bodyValue(Map.of("username", username, "password", api.passwordOfUsers()))
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .value(
            "Set-Cookie",
            cookie ->
                assertThat(cookie)
                    .startsWith("cadastre_session=")
                    .containsIgnoringCase("; HttpOnly")
                    .contains("; SameSite=Strict", "; Path=/")
                    .matches(it -> it.contains("; Secure") == secure, "Secure: " + secure));
  }

  @Test
  void theCookieIsForTlsAloneWhereThatIsSet() {
    var settings =
        new AccountProperties(
            "",
            Duration.ofHours(8),
            Duration.ofDays(7),
            true,
            new AccountProperties.SignIn(5, 20, Duration.ofMinutes(5), Duration.ofMinutes(15)));
    var exchange = MockServerWebExchange.from(MockServerHttpRequest.get("/"));
    new SessionCookie(settings).set(exchange, new SecretToken("secret"));
    new SessionCookie(settings).clear(exchange);

    assertThat(exchange.getResponse().getCookies().get("cadastre_session"))
        .hasSize(2)
        .allMatch(cookie -> cookie.isSecure() && cookie.isHttpOnly())
        .allMatch(cookie -> "Strict".equals(cookie.getSameSite()));
  }

  @Test
  void probesAreThereForAllAndMetricsOnTheManagementPortAlone() throws Exception {
    api.anonymous().get().uri("/livez").exchange().expectStatus().isOk();
    api.anonymous().get().uri("/actuator/prometheus").exchange().expectStatus().isNotFound();
    api.anonymous().get().uri("/actuator/health").exchange().expectStatus().isNotFound();

    // The shared gateway's own management server ends with the first gateway beside it.
    try (AnotherGateway gateway = AnotherGateway.start()) {
      String management = "http://127.0.0.1:" + gateway.api().managementPort();
      assertThat(guarded(management + "/actuator/prometheus")).isEqualTo(200);
      assertThat(guarded(management + "/actuator/health")).isIn(200, 503);
      assertThat(guarded(management + "/actuator/env")).isEqualTo(404);

      WebTestClient admin = gateway.api().admin().mutate().baseUrl(management).build();
      for (String path : new String[] {"/api/v1/instances", "/api/docs", "/", "/nothing"}) {
        admin.get().uri(path).exchange().expectStatus().isNotFound();
      }
      admin.post().uri("/api/v1/tokens").exchange().expectStatus().isNotFound();
    }
  }

  /** The status, of an answer with the headers that all have. */
  private static int guarded(String address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      var answer =
          client.send(
              HttpRequest.newBuilder(URI.create(address)).build(),
              HttpResponse.BodyHandlers.discarding());
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(answer.headers().firstValue("X-Frame-Options")).hasValue("DENY");
      assertThat(answer.headers().firstValue("Content-Security-Policy")).isPresent();
      return answer.statusCode();
    }
  }
}
