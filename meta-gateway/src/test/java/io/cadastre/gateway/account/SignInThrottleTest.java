package io.cadastre.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.AnotherGateway;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatusCode;
import org.springframework.test.web.reactive.server.WebTestClient;

@GatewayTest
class SignInThrottleTest {

  private final Api api;

  SignInThrottleTest(Api api) {
    this.api = api;
  }

  @Test
  void afterFiveFailuresAnAccountWaitsWhateverGatewayAndAddressIsTried() {
    String username = api.newUser("viewer");
    // Started before, for the wait is shorter than a start.
    try (AnotherGateway other = AnotherGateway.start()) {
      for (int i = 0; i < 5; i++) {
        assertThat(attempt(api.anonymousFrom("127.0.0.2" + i), username, "wrong password"))
            .isEqualTo(401);
      }
      WebTestClient elsewhere = other.api().anonymousFrom("127.0.0.26");
      assertThat(attempt(elsewhere, username, api.passwordOfUsers())).isEqualTo(429);
      assertThat(attempt(elsewhere, api.newUser("viewer"), api.passwordOfUsers())).isEqualTo(200);
    }
  }

  @Test
  void oneAddressCannotTryManyAccounts() {
    WebTestClient client = api.anonymousFrom("127.0.0.31");
    List<Integer> answers =
        IntStream.range(0, 25)
            .mapToObj(_ -> attempt(client, api.unique("who"), "wrong password"))
            .toList();

    assertThat(answers.subList(0, 20)).containsOnly(401);
    assertThat(answers).endsWith(429);
  }

  @Test
  void manyAttemptsAtTheSameTimeGiveNoMoreGuesses() {
    String username = api.newUser("viewer");
    WebTestClient client = api.anonymousFrom("127.0.0.41");

    List<Integer> answers =
        IntStream.range(0, 16)
            .parallel()
            .mapToObj(_ -> attempt(client, username, "wrong password"))
            .toList();

    assertThat(answers).filteredOn(status -> status == 401).hasSizeLessThanOrEqualTo(6);
  }

  @Test
  void theWaitIsToldAndSuccessForgives() {
    String username = api.newUser("viewer");
    WebTestClient client = api.anonymousFrom("127.0.0.51");
    for (int i = 0; i < 4; i++) {
      assertThat(attempt(client, username, "wrong password")).isEqualTo(401);
    }
    assertThat(attempt(client, username, api.passwordOfUsers())).isEqualTo(200);
    for (int i = 0; i < 5; i++) {
      assertThat(attempt(client, username, "wrong password")).isEqualTo(401);
    }
    client
        .post()
        .uri("/api/v1/session")
        .bodyValue(Map.of("username", username, "password", api.passwordOfUsers()))
        .exchange()
        .expectStatus()
        .isEqualTo(429)
        .expectHeader()
        .exists("Retry-After");
  }

  private static int attempt(WebTestClient client, String username, String password) {
    HttpStatusCode status =
        client
            .post()
            .uri("/api/v1/session")
            .bodyValue(Map.of("username", username, "password", password))
            .exchange()
            .expectBody(Void.class)
            .returnResult()
            .getStatus();
    return status.value();
  }
}
