package io.cadastre.gateway.account;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;

/** Accounts that are deleted after a request was let in and before it writes. */
@GatewayTest
class AccountGoneTest {

  private final Api api;
  private final String username;

  AccountGoneTest(Api api) {
    this.api = api;
    username = api.newUser("operator");
  }

  @Test
  void aRequestWithAKeyIsOfNobody() {
    WebTestClient user = api.signIn(username, api.passwordOfUsers());
    goneAtTheFirstInto("idempotency_key");
    refused(
        user.post()
            .uri("/api/v1/instances/1/sync-all")
            .header("Idempotency-Key", UUID.randomUUID().toString()));
  }

  @Test
  void aTokenIsNobodys() {
    WebTestClient user = api.signIn(username, api.passwordOfUsers());
    goneAtTheFirstInto("api_token");
    refused(user.post().uri("/api/v1/tokens").bodyValue(Map.of("name", "ci", "role", "viewer")));
  }

  @Test
  void nobodySignsIn() {
    goneAtTheFirstInto("session");
    refused(
        api.anonymous()
            .post()
            .uri("/api/v1/session")
            .bodyValue(Map.of("username", username, "password", api.passwordOfUsers())));
  }

  private static void refused(WebTestClient.RequestHeadersSpec<?> request) {
    request
        .exchange()
        .expectStatus()
        .isUnauthorized()
        .expectBody()
        .jsonPath("$.type")
        .isEqualTo("urn:cadastre:problem:unauthenticated");
  }

  private void goneAtTheFirstInto(String table) {
    Instances.execute(
        """
        CREATE FUNCTION gone() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN DELETE FROM account WHERE username = new.username; RETURN new; END $$;
        CREATE TRIGGER gone BEFORE INSERT ON %s FOR EACH ROW
          WHEN (new.username = '%s') EXECUTE FUNCTION gone()
        """
            .formatted(table, username));
  }

  @AfterEach
  void leaveTheOthers() {
    Instances.execute("DROP FUNCTION IF EXISTS gone CASCADE");
  }
}
