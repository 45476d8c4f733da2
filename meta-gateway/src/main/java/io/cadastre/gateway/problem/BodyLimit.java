package io.cadastre.gateway.problem;

import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Refuses a body that says it is too large before a byte of it is read. One that does not say is
 * cut off by the codecs, {@code spring.http.codecs.max-in-memory-size}.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class BodyLimit implements WebFilter {

  private static final int BYTES_MAX = 1 << 20;

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    return exchange.getRequest().getHeaders().getContentLength() > BYTES_MAX
        ? Mono.error(BodyLimit::exceeded)
        : chain.filter(exchange);
  }

  static ProblemException exceeded() {
    return ProblemException.of(
        ProblemKind.TOO_LARGE, "the body is too large (allowed: " + BYTES_MAX + " bytes)");
  }
}
