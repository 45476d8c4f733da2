package io.cadastre.gateway.account;

import io.cadastre.gateway.access.Open;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.http.HttpMethod;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Lets a request through to the method that will handle it, or not, by what that method states:
 * {@link Open} or {@link RequiresRole}. Whatever states nothing is closed. Outside the API there
 * are the console's files, open to all, and the management port's own pages.
 */
@Component
final class RouteGuard implements ReactiveAuthorizationManager<AuthorizationContext> {

  private static final String CSRF_HEADER = "X-CSRF-Token";
  private static final Set<HttpMethod> SAFE =
      Set.of(HttpMethod.GET, HttpMethod.HEAD, HttpMethod.OPTIONS);
  private static final Mono<AuthorizationResult> GRANTED =
      Mono.just(new AuthorizationDecision(true));
  private static final Object NO_ROUTE = new Object();

  private final RequestMappingHandlerMapping routes;

  RouteGuard(@Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes) {
    this.routes = routes;
  }

  @Override
  public Mono<AuthorizationResult> authorize(
      Mono<Authentication> authentication, AuthorizationContext context) {
    ServerWebExchange exchange = context.getExchange();
    return routes
        .getHandler(exchange)
        .onErrorResume(Mono::just)
        .defaultIfEmpty(NO_ROUTE)
        .flatMap(target -> decide(target, authentication, exchange));
  }

  /** What is wrong with a request is told only to those who may know the route. */
  private static Mono<AuthorizationResult> decide(
      Object target, Mono<Authentication> authentication, ServerWebExchange exchange) {
    if (target instanceof HandlerMethod method && method.hasMethodAnnotation(Open.class)) {
      return GRANTED;
    }
    if (!(target instanceof HandlerMethod) && isOutsideApi(exchange)) {
      return GRANTED;
    }
    return signedIn(authentication)
        .flatMap(caller ->
            switch (target) {
              case HandlerMethod method -> {
                check(caller, method.getMethodAnnotation(RequiresRole.class), exchange);
                yield GRANTED;
              }
              case Throwable wrong -> Mono.error(wrong);
              default ->
                  Mono.error(ProblemException.of(ProblemKind.NOT_FOUND, "there is no such route"));
            });
  }

  private static boolean isOutsideApi(ServerWebExchange exchange) {
    return !exchange.getRequest().getPath().pathWithinApplication().value().startsWith("/api");
  }

  private static Mono<CallerAuthentication> signedIn(Mono<Authentication> authentication) {
    return authentication
        .ofType(CallerAuthentication.class)
        .switchIfEmpty(
            Mono.error(() ->
                ProblemException.of(
                    ProblemKind.UNAUTHENTICATED, "this route needs a session or a token")));
  }

  private static void check(
      CallerAuthentication caller, @Nullable RequiresRole required, ServerWebExchange exchange) {
    if (required == null) {
      throw ProblemException.of(ProblemKind.FORBIDDEN, "this route is open to nobody");
    }
    if (!caller.getPrincipal().role().includes(required.value())) {
      throw ProblemException.of(
          ProblemKind.FORBIDDEN,
          "role: %s (needed: %s)"
              .formatted(caller.getPrincipal().role().word(), required.value().word()));
    }
    SecretToken session = caller.session();
    if (session != null && !SAFE.contains(exchange.getRequest().getMethod())) {
      checkCsrfToken(session, exchange.getRequest().getHeaders().getFirst(CSRF_HEADER));
    }
  }

  private static void checkCsrfToken(SecretToken session, @Nullable String given) {
    byte[] expected = session.csrfToken().getBytes(StandardCharsets.UTF_8);
    if (given == null || !MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      throw ProblemException.of(
          ProblemKind.FORBIDDEN,
          CSRF_HEADER + ": missing or wrong (allowed: csrf_token of this session)");
    }
  }
}
