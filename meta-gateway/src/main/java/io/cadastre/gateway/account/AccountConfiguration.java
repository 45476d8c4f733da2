package io.cadastre.gateway.account;

import io.cadastre.gateway.access.OpenPaths;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import java.security.SecureRandom;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.security.config.annotation.web.reactive.EnableWebFluxSecurity;
import org.springframework.security.config.web.server.ServerHttpSecurity;
import org.springframework.security.web.server.SecurityWebFilterChain;
import org.springframework.security.web.server.firewall.ServerExchangeRejectedHandler;
import org.springframework.security.web.server.firewall.ServerWebExchangeFirewall;
import org.springframework.security.web.server.firewall.StrictServerWebExchangeFirewall;
import org.springframework.security.web.server.header.CrossOriginOpenerPolicyServerHttpHeadersWriter.CrossOriginOpenerPolicy;
import org.springframework.security.web.server.header.ReferrerPolicyServerHttpHeadersWriter.ReferrerPolicy;
import org.springframework.security.web.server.header.XFrameOptionsServerHttpHeadersWriter;
import org.springframework.security.web.server.savedrequest.NoOpServerRequestCache;
import reactor.core.publisher.Mono;

/** Spring Security with our sessions, tokens and rules in place of its own. */
@Configuration(proxyBeanMethods = false)
@EnableWebFluxSecurity
@EnableScheduling
@EnableConfigurationProperties(AccountProperties.class)
class AccountConfiguration {

  /** Everything comes from this gateway; a drawn picture may also be inside a page. */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
          + " form-action 'self'; frame-ancestors 'none'";

  @Bean
  SecureRandom random() {
    return new SecureRandom();
  }

  /**
   * A database may be called {@code a/b%c;d}. Routes and roles go by the segments of the path as
   * they were sent, before they are decoded, so what is encoded in one cannot reach another route.
   * Whichever method is asked for, the routes say which ones they have.
   */
  @Bean
  ServerWebExchangeFirewall firewall() {
    var firewall = new StrictServerWebExchangeFirewall();
    firewall.setUnsafeAllowAnyHttpMethod(true);
    firewall.setAllowUrlEncodedSlash(true);
    firewall.setAllowUrlEncodedDoubleSlash(true);
    firewall.setAllowUrlEncodedPeriod(true);
    firewall.setAllowUrlEncodedPercent(true);
    firewall.setAllowBackSlash(true);
    firewall.setAllowSemicolon(true);
    firewall.setAllowUrlEncodedLineFeed(true);
    firewall.setAllowUrlEncodedCarriageReturn(true);
    return firewall;
  }

  /** Left to itself, it answers without a word. */
  @Bean
  ServerExchangeRejectedHandler refused() {
    return (_, _) ->
        Mono.error(() ->
            ProblemException.of(
                ProblemKind.INVALID_REQUEST,
                "the address or a header is not taken (allowed: a path without . and ..,"
                    + " no control characters)"));
  }

  /** The probes of load balancers. */
  @Bean
  OpenPaths probePaths() {
    return new OpenPaths(List.of("/livez", "/readyz"));
  }

  @Bean
  SecurityWebFilterChain security(
      ServerHttpSecurity http, CallerOfRequest callers, RouteGuard guard) {
    return http.securityContextRepository(callers)
        .authorizeExchange(routes -> routes.anyExchange().access(guard))
        .requestCache(cache -> cache.requestCache(NoOpServerRequestCache.getInstance()))
        .csrf(ServerHttpSecurity.CsrfSpec::disable)
        .httpBasic(ServerHttpSecurity.HttpBasicSpec::disable)
        .formLogin(ServerHttpSecurity.FormLoginSpec::disable)
        .logout(ServerHttpSecurity.LogoutSpec::disable)
        .headers(headers ->
            headers
                .contentSecurityPolicy(csp -> csp.policyDirectives(CONTENT_SECURITY_POLICY))
                .frameOptions(frames -> frames.mode(XFrameOptionsServerHttpHeadersWriter.Mode.DENY))
                .referrerPolicy(referrer -> referrer.policy(ReferrerPolicy.NO_REFERRER))
                .crossOriginOpenerPolicy(
                    opener -> opener.policy(CrossOriginOpenerPolicy.SAME_ORIGIN))
                .permissionsPolicy(
                    permissions -> permissions.policy("camera=(), geolocation=(), microphone=()")))
        .build();
  }
}
