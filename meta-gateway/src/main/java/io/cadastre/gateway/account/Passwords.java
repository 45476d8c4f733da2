package io.cadastre.gateway.account;

import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import io.cadastre.gateway.problem.Violations;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Hashes passwords, which is slow on purpose: on two threads of its own with a short queue, so that
 * a flood of sign-ins slows down sign-ins and nothing else.
 */
@Component
final class Passwords implements DisposableBean {

  private static final int COST = 10;
  private static final int LENGTH_MIN = 12;

  /** What bcrypt reads; it would pass over the rest. */
  private static final int BYTES_MAX = 72;

  private static final int THREADS = 2;
  private static final int QUEUED_PER_THREAD_MAX = 50;

  private final BCryptPasswordEncoder bcrypt;
  private final String hashOfNobody;
  private final Scheduler threads =
      Schedulers.newBoundedElastic(THREADS, QUEUED_PER_THREAD_MAX, "passwords");

  Passwords(SecureRandom random) {
    bcrypt = new BCryptPasswordEncoder(COST, random);
    hashOfNobody = hashNow("nobody signs in with this");
  }

  static void check(Violations violations, String field, @Nullable String password) {
    boolean right =
        password != null
            && password.codePointCount(0, password.length()) >= LENGTH_MIN
            && password.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX;
    violations.check(
        right, field, null, "%d characters to %d bytes".formatted(LENGTH_MIN, BYTES_MAX));
  }

  Mono<String> hash(String password) {
    return slowly(() -> hashNow(password));
  }

  String hashNow(String password) {
    String hash = bcrypt.encode(password);
    if (hash == null) {
      throw new IllegalStateException("bcrypt made no hash");
    }
    return hash;
  }

  /** Takes as long where there is no such account, so that nobody learns which there are. */
  Mono<Boolean> matches(String password, @Nullable String hash) {
    boolean readable = password.getBytes(StandardCharsets.UTF_8).length <= BYTES_MAX;
    String tried = readable ? password : "";
    return slowly(() ->
        bcrypt.matches(tried, hash == null ? hashOfNobody : hash) && hash != null && readable);
  }

  private <T> Mono<T> slowly(Supplier<T> work) {
    return Mono.fromSupplier(work)
        .subscribeOn(threads)
        .onErrorMap(
            RejectedExecutionException.class,
            _ ->
                ProblemException.of(
                        ProblemKind.TOO_MANY_ATTEMPTS, "too many sign in at the same time")
                    .retryAfter(Duration.ofSeconds(5)));
  }

  @Override
  public void destroy() {
    threads.dispose();
  }
}
