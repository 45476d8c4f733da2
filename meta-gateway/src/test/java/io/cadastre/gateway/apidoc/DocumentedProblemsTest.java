package io.cadastre.gateway.apidoc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.problem.ProblemKind;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** What the document says of problems is what happens, in every operation alike. */
@GatewayTest
class DocumentedProblemsTest {

  private static final Map<String, String> NOWHERE =
      Map.of("{id}", "0", "{scan_id}", new UUID(0, 0).toString(), "{job}", "lunch");

  private final Api api;
  private final JsonNode document;
  private final WebTestClient admin;

  DocumentedProblemsTest(Api api) {
    this.api = api;
    this.document = ServedDocument.of(api);
    // A session of its own, since signing out is one of the operations.
    this.admin = api.signIn(api.newUser("admin"), api.passwordOfUsers());
  }

  /** An operation, at an address where nothing is. */
  private record Operation(HttpMethod method, String path, JsonNode described) {

    boolean names(int status) {
      return described.path("responses").has(Integer.toString(status));
    }

    boolean changes() {
      return !method.equals(HttpMethod.GET);
    }

    boolean streams() {
      return described
          .path("responses")
          .path("200")
          .path("content")
          .has(MediaType.TEXT_EVENT_STREAM_VALUE);
    }
  }

  private Stream<Operation> operations() {
    return document.path("paths").properties().stream()
        .flatMap(path ->
            path.getValue().properties().stream()
                .filter(each -> !each.getKey().equals("parameters"))
                .map(each ->
                    new Operation(
                        HttpMethod.valueOf(each.getKey().toUpperCase(Locale.ROOT)),
                        nowhere(path.getKey()),
                        each.getValue())));
  }

  private static String nowhere(String path) {
    String nowhere = path;
    if (path.startsWith("/api/v1/operations/") || path.startsWith("/api/v1/runs/")) {
      nowhere = nowhere.replace("{id}", new UUID(0, 0).toString());
    }
    for (var each : NOWHERE.entrySet()) {
      nowhere = nowhere.replace(each.getKey(), each.getValue());
    }
    return nowhere.replaceAll("[{][a-z_]+}", "nobody");
  }

  private void each(int status, WebTestClient client, BiConsumer<Operation, Ask> how) {
    assertThat(operations().filter(operation -> operation.names(status))).isNotEmpty();
    operations()
        .filter(operation -> operation.names(status))
        .forEach(operation -> {
          Ask ask = new Ask();
          how.accept(operation, ask);
          if (ask.skipped) {
            return;
          }
          var request = client.method(operation.method()).uri(operation.path() + ask.query);
          if (operation.changes()) {
            request.contentType(ask.type).bodyValue(ask.body);
          }
          assertThat(
                  request
                      .headers(headers -> ask.headers.accept(headers))
                      .exchange()
                      .expectBody(Void.class)
                      .returnResult()
                      .getStatus()
                      .value())
              .as("%s %s", operation.method(), operation.path())
              .isEqualTo(status);
        });
  }

  private static final class Ask {
    boolean skipped;
    String query = "";
    MediaType type = MediaType.APPLICATION_JSON;
    String body = "{}";
    Consumer<HttpHeaders> headers = _ -> {};
  }

  @Test
  void aParameterThatItDoesNotHaveIsRefused() {
    each(
        400,
        admin,
        (_, ask) -> {
          ask.query = "?no_such_parameter=1";
          ask.headers = headers -> headers.set(HttpHeaders.ACCEPT, MediaType.ALL_VALUE);
        });
  }

  @Test
  void whoIsNotSignedInIsRefused() {
    each(401, api.anonymous(), (operation, ask) -> ask.skipped = isSignIn(operation));
  }

  private static boolean isSignIn(Operation operation) {
    return operation.path().equals("/api/v1/session") && operation.method().equals(HttpMethod.POST);
  }

  @Test
  void aChangeWithoutTheCsrfTokenIsRefused() {
    each(
        403,
        admin,
        (operation, ask) -> {
          ask.skipped = !operation.changes();
          ask.headers = headers -> headers.set("X-CSRF-Token", "of another session");
        });
  }

  @Test
  void whatIsNotThereIsNotFound() {
    each(
        404,
        admin,
        (operation, ask) -> {
          ask.headers = headers -> headers.setIfMatch("*");
          operation
              .described()
              .path("requestBody")
              .path("content")
              .properties()
              .forEach(body -> {
                ask.type = MediaType.valueOf(body.getKey());
                ask.body = String.valueOf(body.getValue().get("example"));
              });
        });
  }

  @Test
  void whoReadsNothingThatItAnswersWithIsRefused() {
    each(
        406,
        admin,
        (operation, ask) ->
            ask.headers =
                headers ->
                    headers.set(
                        HttpHeaders.ACCEPT,
                        operation.streams()
                            ? MediaType.APPLICATION_JSON_VALUE
                            : MediaType.TEXT_PLAIN_VALUE));
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    each(413, admin, (_, ask) -> ask.body = " ".repeat(1 << 21));
  }

  @Test
  void aBodyOfAnotherTypeIsRefused() {
    each(415, admin, (_, ask) -> ask.type = MediaType.TEXT_PLAIN);
  }

  @Test
  void everyKindOfProblemIsShownAsItIs() {
    Map<String, Integer> kinds =
        Arrays.stream(ProblemKind.values())
            .collect(Collectors.toMap(ProblemKind::type, kind -> kind.status().value()));
    Map<String, Integer> shown = new TreeMap<>();
    document
        .at("/components/responses")
        .forEach(response ->
            response
                .at("/content/application~1problem+json/examples")
                .forEach(example ->
                    shown.put(
                        example.at("/value/type").stringValue(),
                        example.at("/value/status").intValue())));
    assertThat(shown).containsExactlyInAnyOrderEntriesOf(kinds);
  }

  @Test
  void everyProblemIsNamedUnderItsOwnStatus() {
    operations()
        .flatMap(operation -> operation.described().path("responses").properties().stream())
        .filter(answer -> answer.getKey().compareTo("400") >= 0)
        .forEach(answer -> {
          String reference = answer.getValue().get("$ref").stringValue();
          assertThat(
                  document
                      .at(reference.substring(1))
                      .at("/content/application~1problem+json/examples")
                      .findValuesAsString("status"))
              .as(reference)
              .isNotEmpty()
              .containsOnly(answer.getKey());
        });
  }
}
