package io.cadastre.gateway.deadline;

import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import java.time.Duration;
import java.util.Set;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebFilterChain;
import reactor.core.publisher.Mono;

/**
 * Answers for what is silent behind a request, first of all for a database that keeps a statement
 * and says nothing: its own timeouts do not run while it stands still. An answer that has begun, as
 * an event stream has, may take as long as it likes.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE)
@EnableConfigurationProperties(DeadlineProperties.class)
final class DeadlineFilter implements WebFilter {

  /** The most that {@code Prefer: wait=N} grants. */
  private static final Duration LONGEST_PREFERRED = Duration.ofSeconds(60);

  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);

  private final DeadlineProperties properties;

  DeadlineFilter(DeadlineProperties properties) {
    this.properties = properties;
  }

  @Override
  public Mono<Void> filter(ServerWebExchange exchange, WebFilterChain chain) {
    Duration limit = limit(exchange);
    Mono<Boolean> deadline =
        Mono.delay(limit)
            .flatMap(_ -> exchange.getResponse().isCommitted() ? Mono.never() : Mono.just(true));
    return chain
        .filter(exchange)
        .timeout(deadline, Mono.error(() -> silence(exchange.getRequest(), limit)));
  }

  /** Says no more than what is known: neither who was silent nor whether the work was done. */
  private static ProblemException silence(ServerHttpRequest request, Duration limit) {
    return ProblemException.of(
            ProblemKind.TIMED_OUT,
            "not answered within %d s; %s".formatted(limit.toSeconds(), whatNow(request)))
        .retryAfter(Duration.ofSeconds(5));
  }

  private static String whatNow(ServerHttpRequest request) {
    if (SAFE.contains(request.getMethod())) {
      return "try again";
    }
    return request.getMethod().equals(HttpMethod.POST)
            && request.getHeaders().containsHeader("Idempotency-Key")
        ? "send it again with the same Idempotency-Key to learn what came of it"
        : "whether it was done is not known, look before you send it again";
  }

  private Duration limit(ServerWebExchange exchange) {
    Duration own = properties.answerWithin();
    return exchange.getRequest().getHeaders().containsHeader("Prefer")
        ? own.plus(LONGEST_PREFERRED)
        : own;
  }
}
