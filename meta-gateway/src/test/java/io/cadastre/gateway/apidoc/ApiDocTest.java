package io.cadastre.gateway.apidoc;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.access.Open;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.MediaType;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;

@GatewayTest
class ApiDocTest {

  private final Api api;
  private final RequestMappingHandlerMapping routes;

  ApiDocTest(
      Api api, @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
    this.api = api;
    this.routes = routes;
  }

  @Test
  void everyRouteIsDocumentedWithItsRoleAndNothingElseIs() {
    Map<String, String> documented = new TreeMap<>();
    document()
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(method -> {
                  if (!method.getKey().equals("parameters")) {
                    documented.put(
                        method.getKey() + " " + path.getKey(),
                        method.getValue().path("x-role").asString("open"));
                  }
                }));

    assertThat(documented).containsExactlyInAnyOrderEntriesOf(routes());
  }

  private Map<String, String> routes() {
    Map<String, String> found = new TreeMap<>();
    routes
        .getHandlerMethods()
        .forEach((route, handler) ->
            route
                .getPatternsCondition()
                .getPatterns()
                .forEach(pattern -> {
                  if (pattern.getPatternString().startsWith("/api/v1/")) {
                    route
                        .getMethodsCondition()
                        .getMethods()
                        .forEach(method ->
                            found.put(
                                method.name().toLowerCase(Locale.ROOT)
                                    + " "
                                    + ApiPaths.documented(pattern.getPatternString()),
                                role(handler)));
                  }
                }));
    return found;
  }

  private static String role(HandlerMethod handler) {
    RequiresRole required = handler.getMethodAnnotation(RequiresRole.class);
    assertThat(required != null || handler.hasMethodAnnotation(Open.class)).isTrue();
    return required == null ? "open" : required.value().word();
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    JsonNode document = document();
    assertThat(document.findValuesAsString("$ref"))
        .isNotEmpty()
        .allSatisfy(reference ->
            assertThat(document.at(reference.substring(1)).isMissingNode())
                .as(reference)
                .isFalse());
    assertThat(document.findValuesAsString("operationId")).doesNotHaveDuplicates();
  }

  @Test
  void thePageAndItsFilesAreServedToAnyone() {
    for (String path : new String[] {"/api/docs", "/api/docs/docs.js", "/api/docs/docs.css"}) {
      api.anonymous().get().uri(path).exchange().expectStatus().isOk();
    }
    api.anonymous()
        .get()
        .uri("/api/docs")
        .exchange()
        .expectHeader()
        .contentTypeCompatibleWith(MediaType.TEXT_HTML)
        .expectHeader()
        .value(
            "Content-Security-Policy",
            policy ->
                assertThat(policy)
                    .startsWith("default-src 'none'")
                    .contains("require-trusted-types-for 'script'; trusted-types 'none'"));
    api.anonymous().get().uri("/api/docs/other.js").exchange().expectStatus().isNotFound();
  }

  private JsonNode document() {
    return ServedDocument.of(api);
  }
}
