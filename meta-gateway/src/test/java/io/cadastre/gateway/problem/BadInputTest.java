package io.cadastre.gateway.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.BodyInserters;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

@GatewayTest
class BadInputTest {

  private static final String PATH = "/api/v1/instances";

  private final Api api;

  BadInputTest(Api api) {
    this.api = api;
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "null"})
  void aBodyThatIsMissingIsCalledSo(String body) {
    assertThat(problem(post(body), 400, "malformed-body").get("detail").stringValue())
        .isEqualTo("the body is missing (allowed: a JSON object)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "61", "1.5", "soon"})
  void aWaitThatIsNoneIsNamed(String wait) {
    JsonNode problem =
        problem(
            api.operator()
                .post()
                .uri(PATH + "/1/sync-all")
                .header("Prefer", "wait=" + wait)
                .exchange(),
            400,
            "invalid-request");
    assertThat(problem.at("/errors/0/value").stringValue()).isEqualTo(wait);
  }

  static Stream<Arguments> badBodies() {
    return Stream.of(
        Arguments.of("cut off", "{\"name\": \"x\"", 400, "malformed-body", List.of()),
        Arguments.of("no JSON", "name=x", 400, "malformed-body", List.of()),
        Arguments.of("no object", "[1, 2]", 400, "malformed-body", List.of()),
        Arguments.of("nothing", "", 400, "malformed-body", List.of()),
        Arguments.of("the word null", "null", 400, "malformed-body", List.of()),
        Arguments.of("two documents", "{} {}", 400, "malformed-body", List.of()),
        Arguments.of(
            "a field twice", "{\"port\":1,\"port\":2}", 400, "invalid-request", List.of("port")),
        Arguments.of("deep nesting", "[".repeat(5000), 400, "malformed-body", List.of()),
        Arguments.of(
            "an unknown field", "{\"hots\": \"x\"}", 400, "invalid-request", List.of("hots")),
        Arguments.of(
            "an unknown field inside",
            "{\"tls\": {\"mod\": \"x\"}}",
            400,
            "invalid-request",
            List.of("tls.mod")),
        Arguments.of(
            "a word for a number", "{\"port\": \"5432\"}", 400, "invalid-request", List.of("port")),
        Arguments.of("a fraction", "{\"port\": 54.32}", 400, "invalid-request", List.of("port")),
        Arguments.of(
            "a huge number", "{\"port\": 99999999999}", 400, "invalid-request", List.of("port")),
        Arguments.of(
            "a number for a word", "{\"name\": 7}", 400, "invalid-request", List.of("name")),
        Arguments.of(
            "a list for a word", "{\"name\": [\"x\"]}", 400, "invalid-request", List.of("name")),
        Arguments.of(
            "a word for an object", "{\"tls\": \"on\"}", 400, "invalid-request", List.of("tls")),
        Arguments.of(
            "an unknown engine",
            "{\"engine\": \"oracle\"}",
            400,
            "invalid-request",
            List.of("engine")),
        Arguments.of(
            "a numbered engine", "{\"engine\": 0}", 400, "invalid-request", List.of("engine")),
        Arguments.of("NUL", "{\"name\": \"a\\u0000b\"}", 400, "invalid-request", List.of("name")),
        Arguments.of(
            "half a character",
            "{\"name\": \"a\\ud800b\"}",
            400,
            "invalid-request",
            List.of("name")),
        Arguments.of(
            "nothing of what is needed",
            "{}",
            400,
            "invalid-request",
            List.of("name", "host", "port", "username", "engine")),
        Arguments.of(
            "everything out of range",
            """
            {"name": "%s", "engine": "mysql", "host": "http://x", "port": 65536, "username": "a\\u0007",
             "password": "", "tls": {"mode": "verify-ca", "ca_certificate": "no PEM"}, "tags": {"a:b": "c"},
             "databases": {"include": [""]}, "capacity_bytes": 0}
            """
                .formatted("n".repeat(101)),
            400,
            "invalid-request",
            List.of(
                "name",
                "host",
                "port",
                "username",
                "password",
                "tls.ca_certificate",
                "tags",
                "databases.include[0]",
                "capacity_bytes")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void badBodies(String name, String body, int status, String type, List<String> fields) {
    JsonNode problem = problem(post(body), status, type);

    List<String> found =
        problem.has("errors")
            ? problem.get("errors").values().stream()
                .map(e -> e.get("field").stringValue())
                .toList()
            : List.of();
    assertThat(found).containsExactlyInAnyOrderElementsOf(fields);
    assertThat(problem.toString())
        .doesNotContain("io.cadastre", "tools.jackson", "java.lang", "Exception");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"port": "5432x"}      | "5432x"
          {"port": 54.32}        | 54.32
          {"port": 99999999999}  | "99999999999"
          {"name": 7}            | null
          {"tls": "on"}          | "on"
          {"engine": "oracle"}   | "oracle"
          {"name": ["x"]}        | null
          {"password": 1234}     | null
          {"password": ["1234"]} | null
          """)
  void aValueOfTheWrongKindIsShownUnlessItMayBeASecret(String body, String value) {
    JsonNode error = problem(post(body), 400, "invalid-request").get("errors").get(0);

    assertThat(error.get("value").toString()).isEqualTo(value);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"port": "5432"}              | port           | an integer
          {"port": true}                | port           | an integer
          {"port": 99999999999}         | port           | an integer nearer to 0
          {"port": 1, "port": "secret"} | port           | the field once
          """)
  void whatIsAllowedIsWhatTheFieldTakes(String body, String field, String allowed) {
    JsonNode error = problem(post(body), 400, "invalid-request").get("errors").get(0);

    assertThat(error.get("field").stringValue()).isEqualTo(field);
    assertThat(error.get("allowed").stringValue()).isEqualTo(allowed);
    assertThat(error.get("value").toString()).doesNotContain("secret");
  }

  @Test
  void aBodyOfTenMegabytesIsRefusedWhetherItSaysSoOrNot() {
    String tenMegabytes = "{\"name\": \"" + "x".repeat(10 << 20) + "\"}";
    problem(post(tenMegabytes), 413, "too-large");

    byte[] chunk = new byte[64 << 10];
    Arrays.fill(chunk, (byte) ' ');
    Flux<DataBuffer> chunks =
        Flux.range(0, 160).map(_ -> DefaultDataBufferFactory.sharedInstance.wrap(chunk));
    ResponseSpec answer =
        api.operator()
            .post()
            .uri(PATH)
            .contentType(MediaType.APPLICATION_JSON)
            .body(BodyInserters.fromDataBuffers(chunks))
            .exchange();
    problem(answer, 413, "too-large");
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

  private ResponseSpec post(String body) {
    return api.operator()
        .post()
        .uri(PATH)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(body)
        .exchange();
  }

  private static JsonNode problem(ResponseSpec answer, int status, String type) {
    answer.expectStatus().isEqualTo(status);
    answer.expectHeader().contentType(MediaType.APPLICATION_PROBLEM_JSON);
    JsonNode problem =
        Objects.requireNonNull(answer.expectBody(JsonNode.class).returnResult().getResponseBody());
    assertThat(problem.get("type").stringValue()).isEqualTo("urn:cadastre:problem:" + type);
    assertThat(problem.get("status").intValue()).isEqualTo(status);
    assertThat(problem.get("detail").stringValue()).isNotBlank();
    return problem;
  }
}
