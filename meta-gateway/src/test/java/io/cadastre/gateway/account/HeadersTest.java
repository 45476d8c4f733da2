package io.cadastre.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
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
  @ValueSource(strings = {"/", "/api/v1/session", "/nothing/here"})
  void everyAnswerTellsTheBrowserToBeCareful(String path) {
    api.anonymous()
        .get()
        .uri(path)
        .exchange()
        .expectHeader()
        .value(
            "Content-Security-Policy",
            policy ->
                assertThat(policy)
                    .contains("frame-ancestors 'none'", "base-uri 'none'")
                    .doesNotContain("unsafe"))
        .expectHeader()
        .valueEquals("X-Content-Type-Options", "nosniff")
        .expectHeader()
        .valueEquals("X-Frame-Options", "DENY")
        .expectHeader()
        .exists("Referrer-Policy");
  }

  @Test
  void whatTheApiAnswersIsNotKept() {
    api.viewer()
        .get()
        .uri("/api/v1/instances")
        .exchange()
        .expectHeader()
        .value("Cache-Control", value -> assertThat(value).contains("no-store"));
  }

  @Test
  void probesArePublicAndMetricsAreNot() {
    api.anonymous().get().uri("/livez").exchange().expectStatus().isOk();
    api.anonymous()
        .get()
        .uri("/readyz")
        .exchange()
        .expectStatus()
        .isOk()
        .expectBody()
        .jsonPath("$.components.r2dbc.status")
        .isEqualTo("UP")
        .jsonPath("$.components.r2dbc.details")
        .doesNotExist();
    api.admin().get().uri("/actuator/prometheus").exchange().expectStatus().isNotFound();
    api.anonymous().get().uri("/actuator/health").exchange().expectStatus().isNotFound();

    WebTestClient operations =
        WebTestClient.bindToServer().baseUrl("http://127.0.0.1:" + api.managementPort()).build();
    operations.get().uri("/actuator/prometheus").exchange().expectStatus().isOk();
    operations.get().uri("/actuator/env").exchange().expectStatus().isNotFound();
  }
}
