package io.cadastre.gateway.account;

import java.time.Duration;
import java.util.Optional;
import org.springframework.http.HttpCookie;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * The cookie that carries a session; scripts cannot read it, other sites cannot make it be sent.
 */
@Component
final class SessionCookie {

  private static final String NAME = "cadastre_session";

  private final AccountProperties settings;

  SessionCookie(AccountProperties settings) {
    this.settings = settings;
  }

  Optional<SecretToken> read(ServerWebExchange exchange) {
    return Optional.ofNullable(exchange.getRequest().getCookies().getFirst(NAME))
        .map(HttpCookie::getValue)
        .filter(value -> !value.isEmpty())
        .map(SecretToken::new);
  }

  void set(ServerWebExchange exchange, SecretToken session) {
    add(exchange, session.value(), settings.sessionMax());
  }

  void clear(ServerWebExchange exchange) {
    add(exchange, "", Duration.ZERO);
  }

  private void add(ServerWebExchange exchange, String value, Duration maxAge) {
    boolean secure =
        settings.alwaysSecureCookie()
            || exchange.getRequest().getSslInfo() != null
            || "https".equals(exchange.getRequest().getURI().getScheme());
    exchange
        .getResponse()
        .addCookie(
            ResponseCookie.from(NAME, value)
                .path("/")
                .maxAge(maxAge)
                .httpOnly(true)
                .secure(secure)
                .sameSite("Strict")
                .build());
  }
}
