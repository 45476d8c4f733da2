package io.cadastre.gateway.problem;

import static io.cadastre.gateway.problem.Problems.problem;
import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DefaultDataBufferFactory;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient.ResponseSpec;
import org.springframework.web.reactive.function.BodyInserters;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;

/** Bodies that are no good. */
@GatewayTest
class BadBodiesTest {

  private static final String PATH = "/api/v1/instances";

  private final Api api;

  BadBodiesTest(Api api) {
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

  private ResponseSpec post(String body) {
    return api.operator()
        .post()
        .uri(PATH)
        .contentType(MediaType.APPLICATION_JSON)
        .bodyValue(body)
        .exchange();
  }
}
