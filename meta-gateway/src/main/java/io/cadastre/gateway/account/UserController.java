package io.cadastre.gateway.account;

import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.account.Users.User;
import io.cadastre.gateway.audit.AuditEntry;
import io.cadastre.gateway.audit.AuditLog;
import io.cadastre.gateway.page.Cursor;
import io.cadastre.gateway.page.Limit;
import io.cadastre.gateway.page.Page;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.problem.Violations;
import io.cadastre.gateway.version.ETags;
import java.net.URI;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PatchMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Who may sign in, and as what. */
@RestController
@RequestMapping("/api/v1/users")
final class UserController {

  private static final Pattern USERNAME = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final String USERNAME_ALLOWED =
      "1 to 64 of a-z, 0-9, dot, underscore and hyphen, a letter or digit first";
  private static final String LIST = "users/username";

  private final Users users;
  private final Passwords passwords;
  private final AuditLog audit;
  private final TransactionalOperator transaction;
  private final JsonMapper json;

  UserController(
      Users users,
      Passwords passwords,
      AuditLog audit,
      TransactionalOperator transaction,
      JsonMapper json) {
    this.users = users;
    this.passwords = passwords;
    this.audit = audit;
    this.transaction = transaction;
    this.json = json;
  }

  record NewUser(@Nullable String username, @Nullable String password, @Nullable Role role) {

    /** Names no password. */
    @Override
    public String toString() {
      return "NewUser[" + username + ", " + role + "]";
    }
  }

  record UserChange(@Nullable Role role) {}

  @RequiresRole(Role.ADMIN)
  @GetMapping
  Mono<Page<User>> list(
      @RequestParam @Nullable Integer limit, @RequestParam @Nullable String cursor) {
    int size = Limit.of(limit);
    String after =
        Cursor.decode(cursor, LIST, 1).map(place -> place.values().getFirst()).orElse("");
    return users
        .after(after, size + 1)
        .collectList()
        .map(rows -> Page.of(rows, size, user -> Cursor.of(LIST, user.username())));
  }

  @RequiresRole(Role.ADMIN)
  @GetMapping("/{username}")
  Mono<ResponseEntity<User>> read(@PathVariable String username) {
    return users.find(username).switchIfEmpty(unknown(username)).map(UserController::answer);
  }

  @RequiresRole(Role.ADMIN)
  @PostMapping
  Mono<ResponseEntity<User>> add(
      @RequestBody NewUser request, @AuthenticationPrincipal Caller caller) {
    Violations violations = new Violations();
    String username = request.username() == null ? "" : request.username();
    String password = request.password() == null ? "" : request.password();
    violations.check(
        USERNAME.matcher(username).matches(), "username", request.username(), USERNAME_ALLOWED);
    Passwords.check(violations, "password", password);
    Role role = required(violations, request.role());
    violations.refuseIfAny();
    return passwords
        .hash(password)
        .flatMap(hash ->
            users
                .add(username, role, hash)
                .flatMap(user -> record(caller, "created", null, user).thenReturn(user))
                .as(transaction::transactional))
        .onErrorMap(
            DuplicateKeyException.class,
            _ -> ProblemException.conflict("username", username, "a name that no user has yet"))
        .map(user ->
            ResponseEntity.created(URI.create("/api/v1/users/" + user.username()))
                .eTag(ETags.of(user.version()))
                .body(user));
  }

  @RequiresRole(Role.ADMIN)
  @PatchMapping(
      path = "/{username}",
      consumes = {MediaType.APPLICATION_JSON_VALUE, "application/merge-patch+json"})
  Mono<ResponseEntity<User>> change(
      @PathVariable String username,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody UserChange request,
      @AuthenticationPrincipal Caller caller) {
    Violations violations = new Violations();
    Role role = required(violations, request.role());
    violations.refuseIfAny();
    return adminsLockedFor(username)
        .flatMap(admins -> {
          ETags.check(ifMatch, admins.user().version());
          admins.refuseWithoutOne(role == Role.ADMIN);
          return users
              .setRole(username, role)
              .flatMap(after -> record(caller, "updated", admins.user(), after).thenReturn(after));
        })
        .as(transaction::transactional)
        .map(UserController::answer);
  }

  @RequiresRole(Role.ADMIN)
  @DeleteMapping("/{username}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  Mono<Void> remove(
      @PathVariable String username,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @AuthenticationPrincipal Caller caller) {
    if (username.equals(caller.username())) {
      throw ProblemException.conflict("nobody can delete themselves; another admin can");
    }
    return adminsLockedFor(username)
        .flatMap(admins -> {
          if (ifMatch != null) {
            ETags.check(ifMatch, admins.user().version());
          }
          admins.refuseWithoutOne(false);
          return users.remove(username).then(record(caller, "deleted", admins.user(), null));
        })
        .as(transaction::transactional);
  }

  /** The user to be changed, with how many admins there are; both locked. */
  private record Admins(User user, long count) {

    void refuseWithoutOne(boolean staysAdmin) {
      if (user.role() == Role.ADMIN && count == 1 && !staysAdmin) {
        throw ProblemException.conflict(user.username() + " is the only admin; make another first");
      }
    }
  }

  private Mono<Admins> adminsLockedFor(String username) {
    return users
        .lockAdmins()
        .flatMap(count ->
            users
                .forChange(username)
                .switchIfEmpty(unknown(username))
                .map(user -> new Admins(user, count)));
  }

  private static Role required(Violations violations, @Nullable Role role) {
    violations.check(role != null, "role", null, "viewer, operator, admin");
    return role == null ? Role.VIEWER : role;
  }

  private static ResponseEntity<User> answer(User user) {
    return ResponseEntity.ok().eTag(ETags.of(user.version())).body(user);
  }

  private static <T> Mono<T> unknown(String username) {
    return Mono.error(() -> ProblemException.notFound("user", username));
  }

  private Mono<Void> record(
      Caller caller, String action, @Nullable User before, @Nullable User after) {
    User either = after == null ? before : after;
    String username = either == null ? "" : either.username();
    return audit.record(
        new AuditEntry(caller.actor(), action, "user", username, tree(before), tree(after), null));
  }

  private @Nullable JsonNode tree(@Nullable User user) {
    return user == null ? null : json.valueToTree(user);
  }
}
