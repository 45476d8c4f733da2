package io.cadastre.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.AnotherGateway;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayTest
class HeadersTest {

  private final Api api;

  HeadersTest(Api api) {
    this.api = api;
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "/api/v1/instances", "/api/docs", "/nothing"})
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

  @Test
  void scriptsCannotReadTheCookieAndOtherSitesCannotSendIt() {
    api.anonymous()
        .post()
        .uri("/api/v1/session")
        .bodyValue(Map.of("username", api.newUser("viewer"), "password", api.passwordOfUsers()))
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .value(
            "Set-Cookie",
            cookie ->
                assertThat(cookie)
                    .startsWith("cadastre_session=")
                    .containsIgnoringCase("HttpOnly")
                    .contains("SameSite=Strict", "Path=/"));
  }

  @Test
  void probesAreThereForAllAndMetricsOnTheManagementPortAlone() throws Exception {
    api.anonymous().get().uri("/livez").exchange().expectStatus().isOk();
    api.anonymous().get().uri("/actuator/prometheus").exchange().expectStatus().isNotFound();
    api.anonymous().get().uri("/actuator/health").exchange().expectStatus().isNotFound();

    // The shared gateway's own management server ends with the first gateway beside it.
    try (AnotherGateway gateway = AnotherGateway.start()) {
      String management = "http://127.0.0.1:" + gateway.api().managementPort();
      assertThat(status(management + "/actuator/prometheus")).isEqualTo(200);
      assertThat(status(management + "/actuator/env")).isEqualTo(404);

      WebTestClient admin = gateway.api().admin().mutate().baseUrl(management).build();
      for (String path : new String[] {"/api/v1/instances", "/api/docs", "/", "/nothing"}) {
        admin.get().uri(path).exchange().expectStatus().isNotFound();
      }
      admin.post().uri("/api/v1/tokens").exchange().expectStatus().isNotFound();
    }
  }

  private static int status(String address) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client
          .send(
              HttpRequest.newBuilder(URI.create(address)).build(),
              HttpResponse.BodyHandlers.discarding())
          .statusCode();
    }
  }
}
