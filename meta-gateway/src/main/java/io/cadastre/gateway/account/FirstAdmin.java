package io.cadastre.gateway.account;

import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.audit.AuditEntry;
import io.cadastre.gateway.audit.AuditLog;
import java.io.PrintStream;
import java.security.SecureRandom;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * Makes the user {@code admin} where there is no user yet. Its password is the launcher's to set,
 * or is generated and printed this once: to the screen, not to the log, which is kept.
 */
@Component
final class FirstAdmin implements ApplicationRunner {

  private static final String USERNAME = "admin";

  private final Users users;
  private final Passwords passwords;
  private final AuditLog audit;
  private final TransactionalOperator transaction;
  private final SecureRandom random;
  private final AccountProperties settings;

  FirstAdmin(
      Users users,
      Passwords passwords,
      AuditLog audit,
      TransactionalOperator transaction,
      SecureRandom random,
      AccountProperties settings) {
    this.users = users;
    this.passwords = passwords;
    this.audit = audit;
    this.transaction = transaction;
    this.random = random;
    this.settings = settings;
  }

  @Override
  public void run(ApplicationArguments arguments) {
    boolean generated = settings.firstAdminPassword().isEmpty();
    String password =
        generated
            ? SecretToken.random("", random).value().substring(0, 20)
            : settings.firstAdminPassword();
    boolean added =
        Boolean.TRUE.equals(
            users.anyExists().flatMap(any -> any ? Mono.just(false) : add(password)).block());
    if (added && generated) {
      print(System.out, password);
    }
  }

  private Mono<Boolean> add(String password) {
    return passwords
        .hash(password)
        .flatMap(hash ->
            users
                .addFirst(USERNAME, Role.ADMIN, hash)
                .flatMap(added -> added ? entry().thenReturn(true) : Mono.just(false))
                .as(transaction::transactional));
  }

  private Mono<Void> entry() {
    return audit.record(
        new AuditEntry(AuditEntry.SYSTEM, "created", "user", USERNAME, null, null, null));
  }

  private static void print(PrintStream screen, String password) {
    screen.printf(
        "%n  First start: sign in as %s with the password %s and change it.%n%n",
        USERNAME, password);
  }
}
