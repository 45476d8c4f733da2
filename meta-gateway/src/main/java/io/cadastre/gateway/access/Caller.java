package io.cadastre.gateway.access;

import org.jspecify.annotations.Nullable;

/**
 * Who sends a request; a controller takes it as {@code @AuthenticationPrincipal Caller caller}.
 *
 * @param role what this request may do: the user's role, or the token's where that is less
 * @param token the token's name; absent in a session of the console
 */
public record Caller(String username, Role role, @Nullable String token) {

  /** As the audit log and {@code requested_by} name who did something. */
  public String actor() {
    return token == null ? username : username + "/" + token;
  }
}
