package io.cadastre.gateway.apidoc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.access.Open;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.DescribedApi;
import io.cadastre.gateway.fixture.GatewayTest;
import java.lang.annotation.Annotation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpMethod;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

/** What a request may hold is what the running routes read: no more, no less. */
@GatewayTest
class DocumentedRequestsTest {

  private static final DefaultParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

  private final Api api;
  private final DescribedApi document;
  private final List<Route> routes;
  private final List<RouterFunction<?>> functions;

  DocumentedRequestsTest(
      Api api,
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping,
      List<RouterFunction<?>> functions) {
    this.api = api;
    this.document = new DescribedApi(ServedDocument.of(api));
    this.routes =
        mapping.getHandlerMethods().entrySet().stream()
            .flatMap(each -> routes(each.getKey(), each.getValue()))
            .toList();
    this.functions = functions;
  }

  private record Route(
      RequestMethod method,
      String path,
      RequestMappingInfo info,
      HandlerMethod handler,
      JsonNode documented) {

    <A extends Annotation> List<MethodParameter> having(Class<A> annotation) {
      return Arrays.stream(handler.getMethodParameters())
          .filter(each -> each.hasParameterAnnotation(annotation))
          .toList();
    }

    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private Stream<Route> routes(RequestMappingInfo info, HandlerMethod handler) {
    return info.getPatternsCondition().getPatterns().stream()
        .map(pattern -> pattern.getPatternString())
        .filter(path -> path.startsWith("/api/v1/"))
        .flatMap(path ->
            info.getMethodsCondition().getMethods().stream()
                .map(method -> new Route(method, path, info, handler, documented(method, path))));
  }

  private JsonNode documented(RequestMethod method, String path) {
    return document
        .operation(HttpMethod.valueOf(method.name()), path.replaceAll("[{][^}]*[}]", "1"))
        .orElseThrow(() -> new AssertionError(method + " " + path + " is not documented"));
  }

  @Test
  void queryParametersAreThoseThatTheRouteReads() {
    for (Route route : routes) {
      Map<String, String> read = new TreeMap<>();
      for (MethodParameter each : route.having(RequestParam.class)) {
        RequestParam stated =
            Objects.requireNonNull(each.getParameterAnnotation(RequestParam.class));
        boolean hasDefault = !stated.defaultValue().equals(ValueConstants.DEFAULT_NONE);
        boolean required = stated.required() && !hasDefault && !each.isOptional();
        String name = name(stated.name(), each);
        read.put(name, type(each) + (required ? ", required" : ""));
        JsonNode documented = document.parameter(route.documented(), "query", name);
        assertThat(hasDefault ? documented.at("/schema/default").asString("none") : "")
            .as("default of %s of %s", name, route)
            .isEqualTo(hasDefault ? stated.defaultValue() : "");
      }
      assertThat(documented(route, "query")).as("query of %s", route).isEqualTo(read);
    }
  }

  @Test
  void variablesOfThePathAreThoseThatTheRouteReads() {
    for (Route route : routes) {
      Map<String, String> read = new TreeMap<>();
      route
          .having(PathVariable.class)
          .forEach(each ->
              read.put(
                  name("", each).replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT),
                  type(each) + ", required"));
      assertThat(documented(route, "path")).as("path of %s", route).isEqualTo(read);
    }
  }

  private Map<String, String> documented(Route route, String in) {
    Map<String, String> documented = new TreeMap<>();
    for (JsonNode each : document.parameters(route.documented(), in)) {
      JsonNode schema = document.resolved(each.path("schema"));
      String format = schema.path("format").asString("");
      documented.put(
          each.get("name").stringValue(),
          schema.path("type").asString("")
              + (List.of("int64", "uuid").contains(format) ? " " + format : "")
              + (each.path("required").asBoolean(false) ? ", required" : ""));
    }
    return documented;
  }

  private static String type(MethodParameter parameter) {
    Class<?> type = parameter.getParameterType();
    if (type == long.class || type == Long.class) {
      return "integer int64";
    }
    if (type == int.class || type == Integer.class) {
      return "integer";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "boolean";
    }
    if (Collection.class.isAssignableFrom(type)) {
      return "array";
    }
    return type == UUID.class ? "string uuid" : "string";
  }

  @Test
  void everyWordThatAQueryParameterMayBeIsTakenAndNoOther() {
    WebTestClient admin = api.admin();
    for (Route route : routes) {
      for (JsonNode each : document.parameters(route.documented(), "query")) {
        List<String> words =
            document
                .resolved(each.path("schema"))
                .path("enum")
                .valueStream()
                .map(JsonNode::stringValue)
                .toList();
        String query =
            route.path().replaceAll("[{][^}]*[}]", "0") + "?" + each.get("name").stringValue();
        words.forEach(word ->
            assertThat(status(admin, query + "=" + word)).as(query + "=" + word).isNotEqualTo(400));
        if (!words.isEmpty()) {
          // Or what the path names is looked for first.
          assertThat(status(admin, query + "=lunch")).as(query + "=lunch").isIn(400, 404);
        }
      }
    }
  }

  private static int status(WebTestClient client, String address) {
    return client
        .get()
        .uri(address)
        .exchange()
        .expectBody(Void.class)
        .returnResult()
        .getStatus()
        .value();
  }

  @Test
  void headersAreThoseThatTheRouteReads() {
    for (Route route : routes) {
      Set<String> read = new TreeSet<>();
      route
          .having(RequestHeader.class)
          .forEach(each ->
              read.add(
                  Objects.requireNonNull(each.getParameterAnnotation(RequestHeader.class)).name()));
      if (route.method() == RequestMethod.POST
          && !route.handler().hasMethodAnnotation(Open.class)) {
        read.add("Idempotency-Key");
      }
      assertThat(document.parameters(route.documented(), "header"))
          .as("headers of %s", route)
          .extracting(each -> each.get("name").stringValue())
          .containsExactlyInAnyOrderElementsOf(read);
    }
  }

  @Test
  void bodiesAreOfTheTypesThatTheRouteReads() {
    for (Route route : routes) {
      Set<String> read = new TreeSet<>();
      if (!route.having(RequestBody.class).isEmpty()) {
        route
            .info()
            .getConsumesCondition()
            .getConsumableMediaTypes()
            .forEach(type -> read.add(type.toString()));
        if (read.isEmpty()) {
          read.add("application/json");
        }
      }
      JsonNode body = route.documented().path("requestBody");
      assertThat(body.path("content").propertyNames())
          .as("body of %s", route)
          .containsExactlyInAnyOrderElementsOf(read);
      assertThat(body.path("required").asBoolean(false)).isEqualTo(!read.isEmpty());
    }
  }

  @Test
  void whatSucceedsIsDescribed() {
    for (Route route : routes) {
      List<String> succeeded = new ArrayList<>();
      route
          .documented()
          .path("responses")
          .properties()
          .forEach(answer -> {
            if (answer.getKey().startsWith("2")) {
              succeeded.add(answer.getKey());
              JsonNode described = document.resolved(answer.getValue());
              assertThat(described.path("description").asString("")).as("%s", route).isNotBlank();
              assertThat(described.path("content").isEmpty())
                  .as("%s has no content in %s", answer.getKey(), route)
                  .isEqualTo(answer.getKey().equals("204"));
            }
          });
      assertThat(succeeded).as("successes of %s", route).isNotEmpty();
    }
  }

  /** Such a route would be in no mapping that the other tests look at. */
  @Test
  void noRoutesOfTheApiAreMadeByFunctions() {
    assertThat(functions).isNotEmpty();
    functions.forEach(each ->
        assertThat(String.valueOf(each)).as("routes as text").contains("/").doesNotContain("/api"));
  }

  private static String name(String stated, MethodParameter parameter) {
    parameter.initParameterNameDiscovery(NAMES);
    return stated.isEmpty() ? String.valueOf(parameter.getParameterName()) : stated;
  }
}
