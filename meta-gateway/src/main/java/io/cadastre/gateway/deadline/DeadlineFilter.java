package io.cadastre.gateway.deadline;

import io.cadastre.gateway.problem.ProblemException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers for a database that keeps a statement and says nothing: its own timeouts do not run while
 * it stands still. An answer that has begun, as an event stream has, may take as long as it likes.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
@EnableConfigurationProperties(DeadlineProperties.class)
final class DeadlineFilter implements WebFilter {

  /** The most that {@code Prefer: wait=N} grants. */
  private static final Duration LONGEST_PREFERRED = Duration.ofSeconds(60);

  private final DeadlineProperties properties;

  DeadlineFilter(DeadlineProperties properties) {
    this.properties = properties;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    Mono<Boolean> deadline =
        Mono.delay(limit(exchange))
            .flatMap(_ -> exchange.getResponse().isCommitted() ? Mono.never() : Mono.just(true));
    return chain
        .filter(exchange)
        .timeout(deadline)
        .onErrorMap(
            TimeoutException.class, silence -> ProblemException.unavailable("postgresql", silence));
  }

  private Duration limit(ServerWebExchange exchange) {
    Duration own = properties.answerWithin();
    return exchange.getRequest().getHeaders().containsHeader("Prefer")
        ? own.plus(LONGEST_PREFERRED)
        : own;
  }
}
