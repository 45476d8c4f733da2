package io.cadastre.gateway.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.access.Open;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpMethod;
import org.springframework.http.MediaType;
import org.springframework.test.web.reactive.server.WebTestClient;
import org.springframework.web.bind.annotation.RequestMethod;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfo;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;

@GatewayTest
class EveryRouteTest {

  private final Api api;
  private final RequestMappingHandlerMapping mapping;

  EveryRouteTest(
      Api api, @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping mapping) {
    this.api = api;
    this.mapping = mapping;
  }

  private record Route(HttpMethod method, String path, HandlerMethod handler) {}

  private List<Route> routes() {
    return mapping.getHandlerMethods().entrySet().stream()
        .flatMap(entry ->
            methods(entry.getKey()).stream()
                .flatMap(method ->
                    entry.getKey().getPatternsCondition().getPatterns().stream()
                        .map(pattern ->
                            new Route(
                                method.asHttpMethod(),
                                pattern.getPatternString().replaceAll("\\{[^}]*}", "1"),
                                entry.getValue()))))
        .toList();
  }

  private static List<RequestMethod> methods(RequestMappingInfo info) {
    return List.copyOf(info.getMethodsCondition().getMethods());
  }

  @Test
  void everyRouteStatesWhoMayCallIt() {
    assertThat(routes()).hasSizeGreaterThan(15);
    assertThat(mapping.getHandlerMethods().values())
        .allSatisfy(handler ->
            assertThat(
                    handler.hasMethodAnnotation(Open.class)
                        ^ handler.hasMethodAnnotation(RequiresRole.class))
                .as("%s states @Open or @RequiresRole", handler)
                .isTrue());
    assertThat(mapping.getHandlerMethods().keySet())
        .allSatisfy(info -> assertThat(methods(info)).as("%s", info).isNotEmpty());
  }

  @Test
  void withoutSigningInEveryRouteButTheOpenOnesIsClosed() {
    for (Route route : routes()) {
      if (!route.handler().hasMethodAnnotation(Open.class)) {
        assertThat(status(api.anonymous(), route)).as(route.toString()).isEqualTo(401);
      }
    }
  }

  @Test
  void whoHasTooLittleARoleIsRefused() {
    Map<Role, WebTestClient> clients =
        Map.of(Role.VIEWER, api.viewer(), Role.OPERATOR, api.operator());
    for (Route route : routes()) {
      RequiresRole required = route.handler().getMethodAnnotation(RequiresRole.class);
      clients.forEach((role, client) -> {
        if (required != null && !role.includes(required.value())) {
          assertThat(status(client, route)).as(role + " " + route).isEqualTo(403);
        }
      });
    }
  }

  private static int status(WebTestClient client, Route route) {
    return client
        .method(route.method())
        .uri(route.path())
        .contentType(MediaType.APPLICATION_JSON)
        .headers(headers -> {
          if (route.method().equals(HttpMethod.GET)) {
            headers.remove("Content-Type");
          }
        })
        .bodyValue("{}")
        .exchange()
        .expectBody(Void.class)
        .returnResult()
        .getStatus()
        .value();
  }
}
