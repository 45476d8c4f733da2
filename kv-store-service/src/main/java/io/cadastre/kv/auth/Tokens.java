package io.cadastre.kv.auth;

import io.cadastre.kv.request.EtcdError;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Tokens of users that gave their password. They live as long as they are used, in the memory of
 * each member alone.
 */
public final class Tokens {

  private static final int RANDOM_LETTERS = 16;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  /** Beyond it the oldest go: a client that signs in for every request must not fill the memory. */
  private static final int MOST = 100_000;

  private final SecureRandom random = new SecureRandom();
  private final long lifeNanos;
  private final LongSupplier nanos;
  private final Map<String, Token> tokens = new HashMap<>();

  /**
   * Makes an empty set of tokens.
   *
   * @param life how long a token lives after it was last used
   */
  public Tokens(Duration life, LongSupplier nanos) {
    this.lifeNanos = life.toNanos();
    this.nanos = nanos;
  }

  /** A name for a token that nobody can guess; it is none before it is {@link #assign}ed. */
  public String create(long logIndex) {
    StringBuilder token = new StringBuilder();
    for (int i = 0; i < RANDOM_LETTERS; i++) {
      token.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
    }
    return token.append('.').append(logIndex).toString();
  }

  /** Applied on every member, so that each knows the token. */
  public synchronized void assign(String token, String user) {
    if (tokens.size() >= MOST) {
      removeExpired();
    }
    if (tokens.size() >= MOST) {
      tokens.entrySet().stream()
          .min(Map.Entry.comparingByValue((a, b) -> Long.compare(a.ends, b.ends)))
          .map(Map.Entry::getKey)
          .ifPresent(tokens::remove);
    }
    tokens.put(token, new Token(user, nanos.getAsLong() + lifeNanos));
  }

  private void removeExpired() {
    long now = nanos.getAsLong();
    tokens.values().removeIf(token -> token.ends - now <= 0);
  }

  /** Whose token it is; refuses one that is none any more. */
  public synchronized String user(String token) {
    Token found = tokens.get(token);
    long now = nanos.getAsLong();
    if (found == null || found.ends - now <= 0) {
      tokens.remove(token);
      throw EtcdError.INVALID_AUTH_TOKEN.exception();
    }
    found.ends = now + lifeNanos;
    return found.user;
  }

  synchronized void endOf(String user) {
    tokens.values().removeIf(token -> token.user.equals(user));
  }

  synchronized void clear() {
    tokens.clear();
  }

  private static final class Token {

    private final String user;
    private long ends;

    Token(String user, long ends) {
      this.user = user;
      this.ends = ends;
    }
  }
}
