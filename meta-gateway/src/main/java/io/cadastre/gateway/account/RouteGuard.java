package io.cadastre.gateway.account;

import io.cadastre.gateway.access.Open;
import io.cadastre.gateway.access.OpenPaths;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.http.HttpMethod;
import org.springframework.http.server.PathContainer;
import org.springframework.security.authorization.AuthorizationDecision;
import org.springframework.security.authorization.AuthorizationResult;
import org.springframework.security.authorization.ReactiveAuthorizationManager;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.server.authorization.AuthorizationContext;
import org.springframework.stereotype.Component;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.reactive.result.method.RequestMappingInfoHandlerMapping;
import org.springframework.web.reactive.result.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.util.pattern.PathPattern;
import org.springframework.web.util.pattern.PathPatternParser;
import reactor.core.publisher.Mono;

/**
 * Lets a request through to the method that will handle it, or not, by what that method states:
 * {@link Open} or {@link RequiresRole}. Whatever states nothing is closed, and outside the API
 * whatever is in no {@link OpenPaths}. The management port has its own pages and nothing else.
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
  private final List<PathPattern> open;

  RouteGuard(
      @Qualifier("requestMappingHandlerMapping") RequestMappingHandlerMapping routes,
      List<OpenPaths> open) {
    this.routes = routes;
    this.open =
        open.stream()
            .flatMap(paths -> paths.patterns().stream())
            .map(PathPatternParser.defaultInstance::parse)
            .toList();
  }

  @Override
  public Mono<AuthorizationResult> authorize(
      Mono<Authentication> authentication, AuthorizationContext context) {
    ServerWebExchange exchange = context.getExchange();
    if (WebServerApplicationContext.hasServerNamespace(
        exchange.getApplicationContext(), "management")) {
      return path(exchange).startsWith("/actuator") ? GRANTED : Mono.error(RouteGuard::noRoute);
    }
    return routes
        .getHandler(exchange)
        .onErrorResume(Mono::just)
        .defaultIfEmpty(NO_ROUTE)
        .flatMap(target -> decide(target, authentication, exchange));
  }

  /** What is wrong with a request is told only to those who may know the route. */
  private Mono<AuthorizationResult> decide(
      Object target, Mono<Authentication> authentication, ServerWebExchange exchange) {
    if (target instanceof HandlerMethod method && method.hasMethodAnnotation(Open.class)) {
      return GRANTED;
    }
    if (!(target instanceof HandlerMethod) && !path(exchange).startsWith("/api")) {
      return outsideApi(authentication, exchange);
    }
    return signedIn(authentication)
        .flatMap(caller ->
            switch (target) {
              case HandlerMethod method when namesMethods(method) -> GRANTED;
              case HandlerMethod method -> {
                checkRole(caller, method.getMethodAnnotation(RequiresRole.class));
                checkCsrfToken(caller, exchange);
                yield GRANTED;
              }
              case Throwable wrong -> {
                checkCsrfToken(caller, exchange);
                yield Mono.error(wrong);
              }
              default -> {
                checkCsrfToken(caller, exchange);
                yield Mono.error(noRoute());
              }
            });
  }

  /** Spring's own answer to OPTIONS, which says in Allow which methods a route has. */
  private static boolean namesMethods(HandlerMethod method) {
    return method.getBeanType().getEnclosingClass() == RequestMappingInfoHandlerMapping.class;
  }

  private Mono<AuthorizationResult> outsideApi(
      Mono<Authentication> authentication, ServerWebExchange exchange) {
    PathContainer path = exchange.getRequest().getPath().pathWithinApplication();
    boolean isOpen = open.stream().anyMatch(pattern -> pattern.matches(path));
    if (SAFE.contains(exchange.getRequest().getMethod())) {
      return isOpen ? GRANTED : Mono.error(RouteGuard::noRoute);
    }
    return authentication
        .ofType(CallerAuthentication.class)
        .doOnNext(caller -> checkCsrfToken(caller, exchange))
        .then(isOpen ? GRANTED : Mono.error(RouteGuard::noRoute));
  }

  private static String path(ServerWebExchange exchange) {
    return exchange.getRequest().getPath().pathWithinApplication().value();
  }

  private static ProblemException noRoute() {
    return ProblemException.of(ProblemKind.NOT_FOUND, "there is no such route");
  }

  private static Mono<CallerAuthentication> signedIn(Mono<Authentication> authentication) {
    return authentication
        .ofType(CallerAuthentication.class)
        .switchIfEmpty(
            Mono.error(() ->
                ProblemException.of(
                    ProblemKind.UNAUTHENTICATED, "this route needs a session or a token")));
  }

  private static void checkRole(CallerAuthentication caller, @Nullable RequiresRole required) {
    if (required == null) {
      throw ProblemException.of(ProblemKind.FORBIDDEN, "this route is open to nobody");
    }
    if (!caller.getPrincipal().role().includes(required.value())) {
      throw ProblemException.of(
          ProblemKind.FORBIDDEN,
          "role: %s (needed: %s)"
              .formatted(caller.getPrincipal().role().word(), required.value().word()));
    }
  }

  /** A browser sends the cookie for anyone, the token only for a page of ours. */
  private static void checkCsrfToken(CallerAuthentication caller, ServerWebExchange exchange) {
    SecretToken session = caller.session();
    if (session == null || SAFE.contains(exchange.getRequest().getMethod())) {
      return;
    }
    String given = exchange.getRequest().getHeaders().getFirst(CSRF_HEADER);
    byte[] expected = session.csrfToken().getBytes(StandardCharsets.UTF_8);
    if (given == null || !MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8))) {
      throw ProblemException.of(
          ProblemKind.FORBIDDEN,
          CSRF_HEADER + ": missing or wrong (allowed: csrf_token of this session)");
    }
  }
}
