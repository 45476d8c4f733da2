package io.cadastre.gateway.account;

import static io.cadastre.gateway.database.Columns.required;

import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Slows down guessing. An attempt is counted before its password is looked at, in one statement, so
 * that neither many at once nor several gateways give more guesses.
 */
@Component
final class SignInThrottle {

  private final DatabaseClient database;
  private final Clock clock;
  private final AccountProperties.SignIn settings;

  SignInThrottle(DatabaseClient database, Clock clock, AccountProperties settings) {
    this.database = database;
    this.clock = clock;
    this.settings = settings.signIn();
  }

  /**
   * Counts an attempt; 429 where one has to wait. The address first: what one address does must not
   * count against an account once the address is stopped.
   */
  Mono<Void> attempt(String username, @Nullable InetSocketAddress from) {
    return attempt(address(from), settings.freeAttemptsPerAddress())
        .then(attempt(account(username), settings.freeAttemptsPerAccount()));
  }

  private Mono<Void> attempt(String subject, int free) {
    Instant now = clock.instant();
    return database
        .sql(
            """
            INSERT INTO sign_in_throttle AS t (subject, attempts, last_at, blocked_until)
            VALUES (:subject, 1, :now, :now)
            ON CONFLICT (subject) DO UPDATE SET
              attempts = CASE WHEN t.last_at < :forgotten THEN 1 ELSE t.attempts + 1 END,
              last_at = :now,
              blocked_until = :now + make_interval(secs =>
                CASE WHEN t.last_at < :forgotten OR t.attempts + 1 < :free THEN 0
                     ELSE least(:waitMax, 2 ^ least(t.attempts + 1 - :free, 30)) END)
            WHERE t.blocked_until <= :now
            RETURNING subject
            """)
        .bind("subject", subject)
        .bind("now", now)
        .bind("forgotten", now.minus(settings.forgetAfter()))
        .bind("free", free)
        .bind("waitMax", (double) settings.waitMax().toSeconds())
        .fetch()
        .first()
        .switchIfEmpty(blockedUntil(subject).flatMap(until -> Mono.error(wait(now, until))))
        .then();
  }

  private Mono<Instant> blockedUntil(String subject) {
    return database
        .sql("SELECT blocked_until FROM sign_in_throttle WHERE subject = :subject")
        .bind("subject", subject)
        .map(row -> required(row, "blocked_until", Instant.class))
        .one()
        .defaultIfEmpty(clock.instant());
  }

  private static ProblemException wait(Instant now, Instant until) {
    Duration wait = Duration.between(now, until).plusSeconds(1);
    return ProblemException.of(
            ProblemKind.TOO_MANY_ATTEMPTS,
            "too many failed attempts to sign in; wait and try again")
        .retryAfter(wait);
  }

  /** Forgives an account its failures, and an address this one attempt. */
  Mono<Void> succeeded(String username, @Nullable InetSocketAddress from) {
    return database
        .sql("DELETE FROM sign_in_throttle WHERE subject = :account")
        .bind("account", account(username))
        .then()
        .then(
            database
                .sql(
                    """
                    UPDATE sign_in_throttle SET attempts = greatest(attempts - 1, 0), blocked_until = :now
                    WHERE subject = :address
                    """)
                .bind("now", clock.instant())
                .bind("address", address(from))
                .then());
  }

  Mono<Long> removeForgotten() {
    return database
        .sql("DELETE FROM sign_in_throttle WHERE last_at < :forgotten AND blocked_until < :now")
        .bind("forgotten", clock.instant().minus(settings.forgetAfter()))
        .bind("now", clock.instant())
        .fetch()
        .rowsUpdated();
  }

  private static String account(String username) {
    return "account/" + username;
  }

  /** One customer of a provider has a whole /64 of IPv6 addresses. */
  private static String address(@Nullable InetSocketAddress from) {
    InetAddress address = from == null ? null : from.getAddress();
    if (!(address instanceof Inet6Address)) {
      return "address/" + (address == null ? "unknown" : address.getHostAddress());
    }
    try {
      byte[] network = Arrays.copyOf(Arrays.copyOf(address.getAddress(), 8), 16);
      return "address/" + InetAddress.getByAddress(network).getHostAddress() + "/64";
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
