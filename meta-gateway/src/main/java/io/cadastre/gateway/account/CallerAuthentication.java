package io.cadastre.gateway.account;

import io.cadastre.gateway.access.Caller;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.authority.SimpleGrantedAuthority;

/** A caller as Spring Security carries it. */
final class CallerAuthentication extends AbstractAuthenticationToken {

  private final transient Caller caller;
  private final transient @Nullable SecretToken session;

  private CallerAuthentication(Caller caller, @Nullable SecretToken session) {
    super(
        List.of(
            new SimpleGrantedAuthority("ROLE_" + caller.role().name().toUpperCase(Locale.ROOT))));
    this.caller = caller;
    this.session = session;
    setAuthenticated(true);
  }

  static CallerAuthentication ofSession(Caller caller, SecretToken session) {
    return new CallerAuthentication(caller, session);
  }

  static CallerAuthentication ofToken(Caller caller) {
    return new CallerAuthentication(caller, null);
  }

  /** Absent for a bearer token: a browser does not add that by itself, so nothing can be forged. */
  @Nullable SecretToken session() {
    return session;
  }

  @Override
  public Caller getPrincipal() {
    return caller;
  }

  @Override
  public String getCredentials() {
    return "";
  }

  @Override
  public String getName() {
    return caller.username();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }
}
