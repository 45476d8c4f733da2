package io.cadastre.gateway.apidoc;

import io.cadastre.gateway.fixture.Api;
import java.util.Objects;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document as a caller gets it. */
final class ServedDocument {

  private ServedDocument() {}

  static JsonNode of(Api api) {
    return Objects.requireNonNull(
        api.anonymous()
            .get()
            .uri("/api/v1/openapi.json")
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(JsonNode.class)
            .returnResult()
            .getResponseBody());
  }
}
