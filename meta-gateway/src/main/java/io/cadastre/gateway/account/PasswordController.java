package io.cadastre.gateway.account;

import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.audit.AuditEntry;
import io.cadastre.gateway.audit.AuditLog;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import io.cadastre.gateway.problem.Violations;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/** Changing one's own password, and an admin's setting of another's. */
@RestController
final class PasswordController {

  private final Users users;
  private final Sessions sessions;
  private final Passwords passwords;
  private final SignInThrottle throttle;
  private final AuditLog audit;
  private final TransactionalOperator transaction;

  PasswordController(
      Users users,
      Sessions sessions,
      Passwords passwords,
      SignInThrottle throttle,
      AuditLog audit,
      TransactionalOperator transaction) {
    this.users = users;
    this.sessions = sessions;
    this.passwords = passwords;
    this.throttle = throttle;
    this.audit = audit;
    this.transaction = transaction;
  }

  /**
   * What to change it to.
   *
   * @param currentPassword needed for one's own
   */
  record PasswordChange(@Nullable String currentPassword, @Nullable String newPassword) {

    /** Names neither. */
    @Override
    public String toString() {
      return "PasswordChange[…]";
    }
  }

  /** All other sessions of the user end with it. */
  @RequiresRole(Role.VIEWER)
  @PutMapping("/api/v1/users/{username}/password")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  Mono<Void> change(
      @PathVariable String username,
      @RequestBody PasswordChange request,
      CallerAuthentication authentication,
      ServerWebExchange exchange) {
    Caller caller = authentication.getPrincipal();
    boolean own = caller.username().equals(username);
    SecretToken session = SessionOnly.required(authentication);
    if (!own && !caller.role().includes(Role.ADMIN)) {
      throw ProblemException.of(
          ProblemKind.FORBIDDEN, "username: " + username + " (allowed: " + caller.username() + ")");
    }
    Violations violations = new Violations();
    String password = request.newPassword() == null ? "" : request.newPassword();
    Passwords.check(violations, "new_password", password);
    violations.refuseIfAny();
    Mono<Void> allowed =
        own
            ? checkCurrent(username, request.currentPassword(), exchange)
            : users
                .find(username)
                .switchIfEmpty(Mono.error(() -> ProblemException.notFound("user", username)))
                .then();
    return allowed
        .then(passwords.hash(password))
        .flatMap(hash -> set(caller, username, hash, session));
  }

  /** Counts as an attempt to sign in: a session left open must not be a way to guess. */
  private Mono<Void> checkCurrent(
      String username, @Nullable String current, ServerWebExchange exchange) {
    InetSocketAddress from = exchange.getRequest().getRemoteAddress();
    return throttle
        .attempt(username, from)
        .then(users.credentials(username))
        .flatMap(user -> passwords.matches(current == null ? "" : current, user.passwordHash()))
        .flatMap(right ->
            right
                ? throttle.succeeded(username, from)
                : Mono.error(
                    ProblemException.invalid(
                        "current_password", null, "the password that is in use")));
  }

  private Mono<Void> set(Caller caller, String username, String hash, SecretToken session) {
    return users
        .setPassword(username, hash)
        .then(sessions.endOthers(username, session))
        .then(
            audit.record(
                new AuditEntry(
                    caller.actor(), "password_changed", "user", username, null, null, null)))
        .as(transaction::transactional);
  }
}
