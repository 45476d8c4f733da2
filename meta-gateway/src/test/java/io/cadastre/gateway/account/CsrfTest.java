package io.cadastre.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;

/** Another site can make a browser send its cookie, but not read the token. */
@GatewayTest
class CsrfTest {

  private final Api api;

  CsrfTest(Api api) {
    this.api = api;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "POST /api/v1/instances",
        "PATCH /api/v1/instances/1",
        "DELETE /api/v1/instances/1",
        "POST /api/v1/instances/1/sync-all",
        "PUT /api/v1/schedules/databases",
        "POST /api/v1/users",
        "POST /api/v1/tokens",
        "DELETE /api/v1/session",
        // whether or not the route is there
        "POST /api/v1/nothing",
        "PUT /api/v1/instances",
        "POST /instances",
        "POST /nothing"
      })
  void withoutTheTokenNothingIsChanged(String route) {
    String[] parts = route.split(" ", 2);
    for (String token : new String[] {"", "wrong"}) {
      api.admin()
          .method(HttpMethod.valueOf(parts[0]))
          .uri(parts[1])
          .headers(headers -> headers.set("X-CSRF-Token", token))
          .bodyValue(Map.of())
          .exchange()
          .expectStatus()
          .isForbidden()
          .expectBody()
          .jsonPath("$.detail")
          .value(String.class, detail -> assertThat(detail).contains("X-CSRF-Token"));
    }
  }

  @Test
  void readingNeedsNone() {
    api.admin()
        .get()
        .uri("/api/v1/instances")
        .headers(headers -> headers.remove("X-CSRF-Token"))
        .exchange()
        .expectStatus()
        .isOk();
  }
}
