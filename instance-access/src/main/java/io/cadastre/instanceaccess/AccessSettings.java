package io.cadastre.instanceaccess;

import java.time.Duration;

/**
 * How long each step may take, and where one may go.
 *
 * @param connectTimeout to look the host up, and again to connect to it
 * @param loginTimeout from the first packet to the end of the login, TLS included
 * @param readTimeout for the server to answer a statement; it is told to give up then too
 * @param sessionTimeout for all of it; then the connection is cut
 */
public record AccessSettings(
    AddressPolicy policy,
    Duration connectTimeout,
    Duration loginTimeout,
    Duration readTimeout,
    Duration sessionTimeout) {

  public AccessSettings {
    requirePositive("connect timeout", connectTimeout);
    requirePositive("login timeout", loginTimeout);
    requirePositive("read timeout", readTimeout);
    requirePositive("session timeout", sessionTimeout);
  }

  /** Timeouts that suit most networks. */
  public static AccessSettings standard(AddressPolicy policy) {
    return new AccessSettings(
        policy,
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofMinutes(1),
        Duration.ofMinutes(10));
  }

  private static void requirePositive(String name, Duration duration) {
    if (duration.compareTo(Duration.ofMillis(1)) < 0
        || duration.compareTo(Duration.ofDays(1)) > 0) {
      throw new IllegalArgumentException(name + ": " + duration + " (allowed: 1 ms to 1 day)");
    }
  }
}
