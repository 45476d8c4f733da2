package io.cadastre.gateway.problem;

import java.util.List;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.core.annotation.Order;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.NotAcceptableStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses a request whose sender reads no JSON before anything is done. Spring looks for a media
 * type when the answer is there, and the change that it tells of has been made by then.
 */
@Component
@Order(QueryParameters.AFTER_SECURITY)
final class AcceptedTypes implements WebFilter {

  private static final String API = "/api/v1/";

  private final RequestMappingHandlerMapping routes;

  AcceptedTypes(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
    this.routes = routes;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    ServerHttpRequest request = exchange.getRequest();
    if (!request.getPath().value().startsWith(API) || readsJson(request)) {
      return chain.filter(exchange);
    }
    return routes
        .getHandler(exchange)
        .ofType(HandlerMethod.class)
        // What is wrong with the route itself is told by what looks it up next.
        .onErrorComplete()
        .filter(_ -> !statesItsOwnType(exchange))
        .flatMap(_ -> Mono.<Void>error(AcceptedTypes::refused))
        .switchIfEmpty(Mono.defer(() -> chain.filter(exchange)));
  }

  private static boolean readsJson(ServerHttpRequest request) {
    try {
      List<MediaType> accepted = request.getHeaders().getAccept();
      return accepted.isEmpty()
          || accepted.stream().anyMatch(MediaType.APPLICATION_JSON::isCompatibleWith);
    } catch (InvalidMediaTypeException _) {
      return false;
    }
  }

  /** Spring has compared that with what is accepted. */
  private static boolean statesItsOwnType(ServerWebExchange exchange) {
    return exchange.getAttribute(HandlerMapping.PRODUCIBLE_MEDIA_TYPES_ATTRIBUTE) != null;
  }

  private static NotAcceptableStatusException refused() {
    return new NotAcceptableStatusException(List.of(MediaType.APPLICATION_JSON));
  }
}
