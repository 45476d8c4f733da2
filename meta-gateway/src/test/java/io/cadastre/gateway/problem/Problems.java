package io.cadastre.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** What is said of a request that is no good. */
final class Problems {

  private Problems() {}

  /** The problem that it was answered with, which has to be this one. */
  static JsonNode problem(ResponseSpec answer, int status, String type) {
    answer.expectStatus().isEqualTo(status);
    answer.expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
    JsonNode problem = Api.body(answer);
    assertThat(problem.get("type").stringValue()).isEqualTo("urn:cadastre:problem:" + type);
    assertThat(problem.get("status").intValue()).isEqualTo(status);
    assertThat(problem.get("detail").stringValue()).isNotBlank();
    return problem;
  }
}
