package io.cadastre.kv.auth;

import io.cadastre.contracts.kv.auth.User;
import io.cadastre.kv.request.EtcdError;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.springframework.security.crypto.bcrypt.BCrypt;

/**
 * Passwords as etcd keeps them: hashed with bcrypt. It takes a tenth of a second on purpose, so
 * never on the thread that applies: what goes into the log is the hash.
 */
public final class Passwords {

  private static final int COST = 10;

  private Passwords() {}

  /** The hash of a password, as requests carry it. */
  public static String hash(String password) {
    String hash = BCrypt.hashpw(password.getBytes(StandardCharsets.UTF_8), BCrypt.gensalt(COST));
    return Base64.getEncoder().encodeToString(hash.getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * Refuses a wrong password, and who has none.
   *
   * @return the revision of the users and roles it was held against
   */
  public static long check(AuthState state, String name, String password) {
    if (!state.enabled()) {
      throw EtcdError.AUTH_NOT_ENABLED.exception();
    }
    User user = state.user(name);
    if (user == null || user.getOptions().getNoPassword()) {
      throw EtcdError.AUTH_FAILED.exception();
    }
    String hash = user.getPassword().toString(StandardCharsets.US_ASCII);
    if (!BCrypt.checkpw(password.getBytes(StandardCharsets.UTF_8), hash)) {
      throw EtcdError.AUTH_FAILED.exception();
    }
    return state.revision();
  }
}
