package io.cadastre.gateway.problem;

import static io.cadastre.gateway.problem.Problems.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import tools.jackson.databind.JsonNode;

/** Queries, paths, methods and media types that are no good. */
@GatewayTest
class BadRequestLinesTest {

  private static final String PATH = "/api/v1/instances";

  private final Api api;

  BadRequestLinesTest(Api api) {
    this.api = api;
  }

  static Stream<Arguments> badQueries() {
    return Stream.of(
        Arguments.of("?limit=0", "limit"),
        Arguments.of("?limit=501", "limit"),
        Arguments.of("?limit=many", "limit"),
        Arguments.of("?engine=oracle", "engine"),
        Arguments.of("?deleted=perhaps", "deleted"),
        Arguments.of("?sort=password", "sort"),
        Arguments.of("?cursor=nonsense", "cursor"),
        Arguments.of("?cursor=WyJpbnN0YW5jZXMvbmFtZSJd", "cursor"),
        // ["instances/total_size_bytes","much","1"]
        Arguments.of(
            "?sort=total_size_bytes&cursor=WyJpbnN0YW5jZXMvdG90YWxfc2l6ZV9ieXRlcyIsIm11Y2giLCIxIl0",
            "cursor"),
        Arguments.of("?tag=", "tag"),
        Arguments.of("?tag=:hr", "tag"),
        Arguments.of("?tag=team:hr&tag=" + "k".repeat(64), "tag"),
        Arguments.of("?serach=a", "serach"),
        Arguments.of("?serach", "serach"),
        Arguments.of("?limit=1&limit=2", "limit"),
        Arguments.of("?search=a%00b", "address"));
  }

  @ParameterizedTest
  @MethodSource
  void badQueries(String query, String field) {
    ResponseSpec answer =
        api.viewer().get().uri(URI.create(api.address() + PATH + query)).exchange();

    assertThat(problem(answer, 400, "invalid-request").get("errors").get(0).get("field"))
        .asString()
        .isEqualTo("\"" + field + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          /api/v1/operations?state=failed     | cursor, instance_id, kind, limit, status
          /api/v1/runs?status=done&jbo=sizes  | job, limit
          /api/v1/audit-log?user=admin        | actor
          /api/v1/users?role=admin            | limit
          /api/v1/held-scans?instance=7       | instance_id
          /api/v1/schedules?job=sizes         | limit
          /api/v1/openapi.json?pretty         | no query parameters
          """)
  void aQueryParameterThatTheRouteDoesNotHaveIsRefused(String path, String allowed) {
    JsonNode problem = problem(api.admin().get().uri(path).exchange(), 400, "invalid-request");

    assertThat(problem.get("errors").get(0).get("allowed").stringValue()).contains(allowed);
  }

  @Test
  void aRouteThatIsNotThereIsNotFound() {
    problem(api.viewer().get().uri("/api/v1/nothing").exchange(), 404, "not-found");
    problem(api.viewer().get().uri("/api/v1/instances/").exchange(), 404, "not-found");
    problem(api.anonymous().get().uri("/nothing/here").exchange(), 404, "not-found");
    problem(api.anonymous().get().uri("/api/v1/nothing").exchange(), 401, "unauthenticated");
  }

  @Test
  void aPathThatIsNoNumberIsNamed() {
    JsonNode problem =
        problem(api.viewer().get().uri(PATH + "/seven").exchange(), 400, "invalid-request");

    assertThat(problem.get("errors").toString())
        .contains("\"field\":\"id\"", "\"value\":\"seven\"", "an integer");
  }

  @Test
  void aWrongMethodNamesTheRightOnes() {
    ResponseSpec answer = api.admin().put().uri(PATH).bodyValue("{}").exchange();

    answer.expectHeader().valueEquals("Allow", "GET, POST");
    problem(answer, 405, "method-not-allowed");
    problem(api.anonymous().put().uri(PATH).exchange(), 401, "unauthenticated");
  }

  @ParameterizedTest
  @ValueSource(strings = {"TRACE", "PROPFIND"})
  void aMethodThatNoRouteHasIsAWrongOne(String method) {
    ResponseSpec answer = api.viewer().method(HttpMethod.valueOf(method)).uri(PATH).exchange();

    answer.expectHeader().valueEquals("Allow", "GET, POST");
    problem(answer, 405, "method-not-allowed");
  }

  @Test
  void aRouteNamesItsMethodsToWhoIsSignedIn() {
    api.viewer()
        .options()
        .uri(PATH)
        .exchange()
        .expectStatus()
        .isOk()
        .expectHeader()
        .value("Allow", methods -> assertThat(methods).contains("GET", "HEAD", "POST"))
        .expectBody()
        .isEmpty();
    problem(api.anonymous().options().uri(PATH).exchange(), 401, "unauthenticated");
    problem(api.viewer().options().uri("/api/v1/nothing").exchange(), 404, "not-found");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/../instances", "/./7", "/7%7F"})
  void aPathThatGoesElsewhereIsRefusedWithAWord(String path) {
    URI address = URI.create(api.address() + PATH + path);

    problem(api.viewer().get().uri(address).exchange(), 400, "invalid-request");
  }

  @Test
  void aWrongMediaTypeNamesTheRightOne() {
    ResponseSpec wrongBody =
        api.operator()
            .post()
            .uri(PATH)
            .contentType(MediaType.TEXT_XML)
            .bodyValue("<x/>")
            .exchange();
    problem(wrongBody, 415, "unsupported-media-type");

    ResponseSpec wrongAnswer =
        api.viewer().get().uri(PATH).headers(h -> h.set("Accept", "text/csv")).exchange();
    problem(wrongAnswer, 406, "not-acceptable");
  }

  @Test
  void aChangeIsNotMadeForWhoCannotReadTheAnswer() {
    WebTestClient client = api.signIn(api.newUser("viewer"), api.passwordOfUsers());
    ResponseSpec refused =
        client
            .post()
            .uri("/api/v1/tokens")
            .headers(headers -> headers.set("Accept", "text/csv"))
            .bodyValue(Map.of("name", "of nobody", "role", "viewer"))
            .exchange();

    problem(refused, 406, "not-acceptable");
    client.get().uri("/api/v1/tokens").exchange().expectBody().jsonPath("$.items").isEmpty();
  }
}
