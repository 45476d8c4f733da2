package io.cadastre.gateway.account;

import io.cadastre.gateway.access.Open;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.audit.AuditEntry;
import io.cadastre.gateway.audit.AuditLog;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import io.cadastre.gateway.problem.Violations;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Signing in and out. */
@RestController
@RequestMapping("/api/v1/session")
final class SessionController {

  /** No user name or password is nearly as long; what is, does not deserve hashing. */
  private static final int LENGTH_MAX = 200;

  private final Users users;
  private final Sessions sessions;
  private final SessionCookie cookie;
  private final Passwords passwords;
  private final SignInThrottle throttle;
  private final AuditLog audit;
  private final TransactionalOperator transaction;

  SessionController(
      Users users,
      Sessions sessions,
      SessionCookie cookie,
      Passwords passwords,
      SignInThrottle throttle,
      AuditLog audit,
      TransactionalOperator transaction) {
    this.users = users;
    this.sessions = sessions;
    this.cookie = cookie;
    this.passwords = passwords;
    this.throttle = throttle;
    this.audit = audit;
    this.transaction = transaction;
  }

  record SignIn(@Nullable String username, @Nullable String password) {

    /** Names no password. */
    @Override
    public String toString() {
      return "SignIn[" + username + "]";
    }
  }

  /**
   * Who is signed in.
   *
   * @param csrfToken to be sent as {@code X-CSRF-Token} with everything but reads; absent where a
   *     bearer token signs in, which needs none
   */
  record SignedIn(String username, Role role, @Nullable String csrfToken) {}

  @Open
  @PostMapping
  Mono<SignedIn> signIn(@RequestBody SignIn request, ServerWebExchange exchange) {
    Violations violations = new Violations();
    String username = checked(violations, "username", request.username());
    String password = checked(violations, "password", request.password());
    violations.refuseIfAny();
    InetSocketAddress from = exchange.getRequest().getRemoteAddress();
    return throttle
        .attempt(username, from)
        .then(users.credentials(username).map(Optional::of).defaultIfEmpty(Optional.empty()))
        .flatMap(found ->
            passwords
                .matches(password, found.map(Users.Credentials::passwordHash).orElse(null))
                .flatMap(right ->
                    right
                        ? begin(found.orElseThrow(), from, exchange)
                        : refuse(found.isPresent(), username)));
  }

  private static String checked(Violations violations, String field, @Nullable String value) {
    boolean right = value != null && !value.isEmpty() && value.length() <= LENGTH_MAX;
    violations.check(right, field, null, "1 to " + LENGTH_MAX + " characters");
    return value == null ? "" : value;
  }

  private Mono<SignedIn> begin(
      Users.Credentials user, @Nullable InetSocketAddress from, ServerWebExchange exchange) {
    return throttle
        .succeeded(user.username(), from)
        .then(sessions.begin(user.username()))
        .flatMap(session -> audit.record(entry("signed_in", user.username())).thenReturn(session))
        .as(transaction::transactional)
        .map(session -> {
          cookie.set(exchange, session);
          return new SignedIn(user.username(), user.role(), session.csrfToken());
        });
  }

  /** Of unknown names nothing is kept: people type passwords into the wrong field. */
  private Mono<SignedIn> refuse(boolean known, String username) {
    Mono<Void> kept =
        known
            ? audit.record(entry("sign_in_failed", username)).as(transaction::transactional)
            : Mono.empty();
    return kept.then(
        Mono.error(() ->
            ProblemException.of(
                ProblemKind.UNAUTHENTICATED, "the user name or the password is wrong")));
  }

  private static AuditEntry entry(String action, String username) {
    return new AuditEntry(username, action, "session", username, null, null, null);
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  SignedIn whoAmI(CallerAuthentication caller) {
    SecretToken session = caller.session();
    return new SignedIn(
        caller.getPrincipal().username(),
        caller.getPrincipal().role(),
        session == null ? null : session.csrfToken());
  }

  @RequiresRole(Role.VIEWER)
  @DeleteMapping
  @ResponseStatus(HttpStatus.NO_CONTENT)
  Mono<Void> signOut(CallerAuthentication caller, ServerWebExchange exchange) {
    SecretToken session = caller.session();
    if (session == null) {
      throw ProblemException.conflict("a token has no session; revoke the token instead");
    }
    cookie.clear(exchange);
    return sessions
        .end(session)
        .then(audit.record(entry("signed_out", caller.getPrincipal().username())))
        .as(transaction::transactional);
  }
}
