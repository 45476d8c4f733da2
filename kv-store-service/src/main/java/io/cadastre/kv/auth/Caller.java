package io.cadastre.kv.auth;

/**
 * Who makes a request.
 *
 * @param user empty = nobody
 * @param authRevision the state of users and roles under which that was found
 */
public record Caller(String user, long authRevision) {

  public static final Caller NOBODY = new Caller("", 0);

  /** A member on its own account. */
  public static final Caller SERVER = new Caller(AuthState.ROOT, Long.MAX_VALUE);
}
