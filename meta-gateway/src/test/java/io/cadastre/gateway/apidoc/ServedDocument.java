package io.cadastre.gateway.apidoc;

import io.cadastre.gateway.fixture.Api;
import tools.jackson.databind.JsonNode;

/** The OpenAPI document as a caller gets it. */
final class ServedDocument {

  private ServedDocument() {}

  static JsonNode of(Api api) {
    return Api.body(
        api.anonymous().get().uri("/api/v1/openapi.json").exchange().expectStatus().isOk());
  }
}
