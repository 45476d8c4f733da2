package io.cadastre.gateway.account;

import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextImpl;
import org.springframework.security.web.server.context.ServerSecurityContextRepository;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Finds out who sends a request: a bearer token before a session's cookie. */
@Component
final class CallerOfRequest implements ServerSecurityContextRepository {

  private static final String FOUND = CallerOfRequest.class.getName() + ".found";
  private static final String BEARER = "bearer ";

  private final Sessions sessions;
  private final Tokens tokens;
  private final SessionCookie cookie;

  CallerOfRequest(Sessions sessions, Tokens tokens, SessionCookie cookie) {
    this.sessions = sessions;
    this.tokens = tokens;
    this.cookie = cookie;
  }

  /** Asked several times within a request, looked up once. */
  @Override
  public Mono<SecurityContext> load(ServerWebExchange exchange) {
    Mono<SecurityContext> found = exchange.getAttribute(FOUND);
    if (found == null) {
      found = find(exchange).<SecurityContext>map(SecurityContextImpl::new).cache();
      exchange.getAttributes().put(FOUND, found);
    }
    return found;
  }

  private Mono<CallerAuthentication> find(ServerWebExchange exchange) {
    String authorization = exchange.getRequest().getHeaders().getFirst(HttpHeaders.AUTHORIZATION);
    if (authorization != null) {
      return bearer(authorization)
          .map(tokens::caller)
          .orElse(Mono.empty())
          .map(CallerAuthentication::ofToken)
          .switchIfEmpty(Mono.error(CallerOfRequest::refuseToken));
    }
    return Mono.justOrEmpty(cookie.read(exchange))
        .flatMap(session ->
            sessions
                .caller(session)
                .map(caller -> CallerAuthentication.ofSession(caller, session)));
  }

  private static Optional<SecretToken> bearer(String authorization) {
    if (!authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
      return Optional.empty();
    }
    String token = authorization.substring(BEARER.length()).strip();
    return token.startsWith(Tokens.PREFIX) ? Optional.of(new SecretToken(token)) : Optional.empty();
  }

  private static ProblemException refuseToken() {
    return ProblemException.of(
        ProblemKind.UNAUTHENTICATED,
        "Authorization: the token is unknown, expired or revoked (allowed: Bearer "
            + Tokens.PREFIX
            + "…)");
  }

  /** Sessions are begun and ended by their own routes. */
  @Override
  public Mono<Void> save(ServerWebExchange exchange, @Nullable SecurityContext context) {
    return Mono.empty();
  }
}
