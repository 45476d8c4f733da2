package io.cadastre.gateway.account;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.http.HttpCookie;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.stereotype.Component;
import org.springframework.web.server.ServerWebExchange;

/**
 * The cookie that carries a session; scripts cannot read it, other sites cannot make it be sent.
 */
@Component
final class SessionCookie {

  private static final String NAME = "cadastre_session";

  /** Of several proxies the first in the list, which the browser speaks to. */
  private static final Pattern TLS = Pattern.compile("(?i)\\s*https\\s*(?:,|$)");

  private static final Pattern FORWARDED_TLS =
      Pattern.compile("(?i)(?:[^,]*;)?\\s*proto=\"?https\"?\\s*(?:[;,]|$)");

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

  /**
   * What a proxy in front says. Anyone may claim it, who then has a cookie that is good for less;
   * so this is believed, and nothing else that such headers say, an address least of all.
   */
  private static boolean cameOverTls(HttpHeaders headers) {
    String protocol = headers.getFirst("X-Forwarded-Proto");
    String forwarded = headers.getFirst("Forwarded");
    return (protocol != null && TLS.matcher(protocol).lookingAt())
        || (forwarded != null && FORWARDED_TLS.matcher(forwarded).lookingAt());
  }

  private void add(ServerWebExchange exchange, String value, Duration maxAge) {
    boolean secure =
        settings.alwaysSecureCookie()
            || exchange.getRequest().getSslInfo() != null
            || "https".equals(exchange.getRequest().getURI().getScheme())
            || cameOverTls(exchange.getRequest().getHeaders());
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
