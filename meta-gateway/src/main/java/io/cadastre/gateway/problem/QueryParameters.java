package io.cadastre.gateway.problem;

import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses query parameters that a route does not have. Left alone, a filter with a typing error
 * would answer with everything.
 */
@Component
@Order(QueryParameters.AFTER_SECURITY)
final class QueryParameters implements WebFilter {

  static final int AFTER_SECURITY = -50;

  private static final ParameterNameDiscoverer NAMES = new DefaultParameterNameDiscoverer();

  private final RequestMappingHandlerMapping routes;

  QueryParameters(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
    this.routes = routes;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    MultiValueMap<String, String> given = exchange.getRequest().getQueryParams();
    if (given.isEmpty()) {
      return chain.filter(exchange);
    }
    return routes
        .getHandler(exchange)
        .ofType(HandlerMethod.class)
        // What is wrong with the route itself is told by what looks it up next.
        .onErrorComplete()
        .doOnNext(route -> check(given, allowed(route)))
        .then(chain.filter(exchange));
  }

  /** The names that the route knows, each with whether it may stand there more than once. */
  private static Map<String, Boolean> allowed(HandlerMethod route) {
    Map<String, Boolean> allowed = new TreeMap<>();
    for (MethodParameter parameter : route.getMethodParameters()) {
      RequestParam stated = parameter.getParameterAnnotation(RequestParam.class);
      if (stated != null) {
        parameter.initParameterNameDiscovery(NAMES);
        String name =
            stated.name().isEmpty() ? String.valueOf(parameter.getParameterName()) : stated.name();
        allowed.put(name, Collection.class.isAssignableFrom(parameter.getParameterType()));
      }
    }
    return allowed;
  }

  private static void check(MultiValueMap<String, String> given, Map<String, Boolean> allowed) {
    Violations violations = new Violations();
    String names = allowed.isEmpty() ? "no query parameters" : String.join(", ", allowed.keySet());
    given.forEach((name, values) -> {
      Boolean repeatable = allowed.get(name);
      if (repeatable == null) {
        violations.add(name, values.getFirst(), names);
      } else {
        violations.check(
            repeatable || values.size() == 1, name, values.size() + " values", "one value");
      }
    });
    violations.refuseIfAny();
  }
}
