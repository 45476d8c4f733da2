package io.cadastre.gateway.account;

import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;

/** What a token must not do, so that a stolen one is worth nothing once it is revoked. */
final class SessionOnly {

  private SessionOnly() {}

  /** The session; 403 where a bearer token signs in instead. */
  static SecretToken required(CallerAuthentication caller) {
    SecretToken session = caller.session();
    if (session == null) {
      throw ProblemException.of(
          ProblemKind.FORBIDDEN, "a bearer token cannot do this; sign in with the password");
    }
    return session;
  }
}
