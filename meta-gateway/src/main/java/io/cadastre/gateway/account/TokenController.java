package io.cadastre.gateway.account;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.account.Tokens.Token;
import io.cadastre.gateway.audit.AuditEntry;
import io.cadastre.gateway.audit.AuditLog;
import io.cadastre.gateway.idempotency.ShownOnce;
import io.cadastre.gateway.page.Cursor;
import io.cadastre.gateway.page.Limit;
import io.cadastre.gateway.page.Page;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.ProblemKind;
import io.cadastre.gateway.problem.Violations;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Bearer tokens for programs. */
@RestController
@RequestMapping("/api/v1/tokens")
final class TokenController {

  /** No slash: the audit log writes {@code user/token}. */
  private static final Pattern NAME = Pattern.compile("[^/\\p{Cntrl}]{1,100}");

  private static final int LIVE_MAX = 100;
  private static final String LIST = "tokens";

  private final Tokens tokens;
  private final AuditLog audit;
  private final TransactionalOperator transaction;
  private final JsonMapper json;
  private final SecureRandom random;
  private final Clock clock;

  TokenController(
      Tokens tokens,
      AuditLog audit,
      TransactionalOperator transaction,
      JsonMapper json,
      SecureRandom random,
      Clock clock) {
    this.tokens = tokens;
    this.audit = audit;
    this.transaction = transaction;
    this.json = json;
    this.random = random;
    this.clock = clock;
  }

  record NewToken(@Nullable String name, @Nullable Role role, @Nullable Instant expiresAt) {}

  /** A token the only time its secret is shown. */
  record Created(@JsonUnwrapped Token description, String token) {

    /** Names no secret. */
    @Override
    public String toString() {
      return "Created[" + description + "]";
    }
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  Mono<Page<Token>> list(
      @RequestParam @Nullable String username,
      @RequestParam @Nullable Integer limit,
      @RequestParam @Nullable String cursor,
      @AuthenticationPrincipal Caller caller) {
    String whose = username == null ? caller.username() : username;
    if (!whose.equals(caller.username()) && !caller.role().includes(Role.ADMIN)) {
      throw ProblemException.of(
          ProblemKind.FORBIDDEN, "username: " + whose + " (allowed: " + caller.username() + ")");
    }
    int size = Limit.of(limit);
    return tokens
        .of(whose, after(cursor), size + 1)
        .collectList()
        .map(found -> Page.of(found, size, last -> Cursor.of(LIST, Long.toString(last.id()))));
  }

  private static long after(@Nullable String cursor) {
    if (cursor == null) {
      return 0;
    }
    String id = Cursor.decode(cursor, LIST, 1).orElseThrow().values().getFirst();
    try {
      return Long.parseLong(String.valueOf(id));
    } catch (NumberFormatException _) {
      throw Cursor.refuse(cursor);
    }
  }

  @ShownOnce
  @RequiresRole(Role.VIEWER)
  @PostMapping
  Mono<ResponseEntity<Created>> add(
      @RequestBody NewToken request, CallerAuthentication authentication) {
    SessionOnly.required(authentication);
    Caller caller = authentication.getPrincipal();
    Violations violations = new Violations();
    String name = request.name() == null ? "" : request.name().strip();
    violations.check(
        NAME.matcher(name).matches(), "name", request.name(), "1 to 100 characters, no slash");
    violations.check(
        request.role() != null && caller.role().includes(request.role()),
        "role",
        request.role() == null ? null : request.role().word(),
        String.join(", ", caller.role().included()));
    violations.check(
        request.expiresAt() == null || request.expiresAt().isAfter(clock.instant()),
        "expires_at",
        request.expiresAt(),
        "a time to come, or absent");
    violations.refuseIfAny();
    Role role = request.role() == null ? Role.VIEWER : request.role();
    return issue(caller, name, role, request.expiresAt());
  }

  private Mono<ResponseEntity<Created>> issue(
      Caller caller, String name, Role role, @Nullable Instant expiresAt) {
    SecretToken secret = SecretToken.random(Tokens.PREFIX, random);
    return refuseTooMany(caller)
        .then(tokens.add(caller.username(), name, role, expiresAt, secret))
        .flatMap(token -> record(caller, "created", token).thenReturn(token))
        .as(transaction::transactional)
        .onErrorMap(
            DuplicateKeyException.class,
            _ -> ProblemException.conflict("name", name, "a name that none of your tokens has"))
        .map(token ->
            ResponseEntity.created(URI.create("/api/v1/tokens/" + token.id()))
                .body(new Created(token, secret.value())));
  }

  private Mono<Void> refuseTooMany(Caller caller) {
    return tokens
        .live(caller.username())
        .flatMap(live ->
            live < LIVE_MAX
                ? Mono.empty()
                : Mono.error(
                    ProblemException.conflict(
                        "you have " + live + " tokens (allowed: " + LIVE_MAX + "); revoke one")));
  }

  @RequiresRole(Role.VIEWER)
  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  Mono<Void> revoke(@PathVariable long id, @AuthenticationPrincipal Caller caller) {
    return tokens
        .forRevoking(id)
        .filter(token ->
            token.username().equals(caller.username()) || caller.role().includes(Role.ADMIN))
        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("token", id)))
        .flatMap(token -> tokens.revoke(id))
        .flatMap(token -> record(caller, "revoked", token))
        .as(transaction::transactional);
  }

  private Mono<Void> record(Caller caller, String action, Token token) {
    return audit.record(
        new AuditEntry(
            caller.actor(),
            action,
            "token",
            Long.toString(token.id()),
            null,
            json.valueToTree(token),
            null));
  }
}
