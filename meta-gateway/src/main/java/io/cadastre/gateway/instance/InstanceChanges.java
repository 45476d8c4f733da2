package io.cadastre.gateway.instance;

import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.MetadataChanged;
import io.cadastre.contracts.events.SealedSecret;
import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.audit.AuditEntry;
import io.cadastre.gateway.audit.AuditLog;
import io.cadastre.gateway.outbox.Outbox;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.version.ETags;
import io.cadastre.secrets.SecretSealer;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** Changes the register: the row, its audit entry, its event and its notice in one transaction. */
@Component
final class InstanceChanges {

  private final InstanceRows rows;
  private final SecretSealer sealer;
  private final AuditLog audit;
  private final Outbox outbox;
  private final DatabaseClient database;
  private final TransactionalOperator transaction;
  private final JsonMapper json;
  private final Clock clock;

  InstanceChanges(
      InstanceRows rows,
      SecretSealer sealer,
      AuditLog audit,
      Outbox outbox,
      DatabaseClient database,
      TransactionalOperator transaction,
      JsonMapper json,
      Clock clock) {
    this.rows = rows;
    this.sealer = sealer;
    this.audit = audit;
    this.outbox = outbox;
    this.database = database;
    this.transaction = transaction;
    this.json = json;
    this.clock = clock;
  }

  Mono<InstanceView> register(Registration registration, @Nullable String password, Caller caller) {
    return rows.nextId()
        .flatMap(id ->
            rows.insert(id, registration, seal(password, id), clock.instant())
                .then(told(id, null, MetadataChanged.Change.CREATED, caller)))
        .as(transaction::transactional)
        .onErrorMap(DuplicateKeyException.class, failure -> taken(failure, registration));
  }

  /**
   * Changes an instance as {@code change} says, which sees it as it is.
   *
   * @param ifMatch the version that the caller has seen
   */
  Mono<InstanceView> update(
      long id, @Nullable String ifMatch, Function<InstanceView, Edit> change, Caller caller) {
    return locked(id)
        .flatMap(before -> {
          refuseDeleted(before);
          ETags.check(ifMatch, before.version());
          Edit edit = change.apply(before);
          InstanceRows.PasswordChange password =
              edit.passwordGiven()
                  ? new InstanceRows.PasswordChange(seal(edit.password(), id))
                  : null;
          return rows.update(id, edit.registration(), password, clock.instant())
              .then(told(id, before, MetadataChanged.Change.UPDATED, caller))
              .onErrorMap(
                  DuplicateKeyException.class, failure -> taken(failure, edit.registration()));
        })
        .as(transaction::transactional);
  }

  /**
   * What an instance shall be from now on.
   *
   * @param passwordGiven whether the password changes too; a null password takes it away
   */
  record Edit(Registration registration, boolean passwordGiven, @Nullable String password) {

    /** Names no password. */
    @Override
    public String toString() {
      return "Edit[" + registration + "]";
    }
  }

  Mono<Void> delete(long id, @Nullable String ifMatch, Caller caller) {
    return locked(id)
        .flatMap(before -> {
          refuseDeleted(before);
          if (ifMatch != null) {
            ETags.check(ifMatch, before.version());
          }
          return rows.setDeleted(id, true, clock.instant())
              .then(told(id, before, MetadataChanged.Change.DELETED, caller));
        })
        .as(transaction::transactional)
        .then();
  }

  /** Restoring what is not deleted changes nothing. */
  Mono<InstanceView> restore(long id, Caller caller) {
    return locked(id)
        .flatMap(before ->
            before.deletedAt() == null
                ? Mono.just(before)
                : rows.setDeleted(id, false, clock.instant())
                    .then(told(id, before, MetadataChanged.Change.RESTORED, caller))
                    .onErrorMap(
                        DuplicateKeyException.class,
                        failure -> taken(failure, before.registration())))
        .as(transaction::transactional);
  }

  private Mono<InstanceView> locked(long id) {
    return rows.forChange(id)
        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("instance", id)));
  }

  private static void refuseDeleted(InstanceView instance) {
    if (instance.deletedAt() != null) {
      throw ProblemException.conflict(
          "instance " + instance.id() + " is deleted; restore it first");
    }
  }

  private Optional<SealedSecret> seal(@Nullable String password, long id) {
    return Optional.ofNullable(password)
        .map(secret -> sealer.seal(secret, InstanceConnection.secretContext(id)));
  }

  /** Everything that follows a change; answers with the instance as it is now. */
  private Mono<InstanceView> told(
      long id, @Nullable InstanceView before, MetadataChanged.Change change, Caller caller) {
    return rows.find(id)
        .flatMap(after ->
            audit
                .record(entry(before, after, change, caller))
                .then(outbox.add(changed(after, change)))
                .then(notifyPages(id))
                .thenReturn(after));
  }

  private MetadataChanged changed(InstanceView after, MetadataChanged.Change change) {
    return new MetadataChanged(
        "instance",
        Long.toString(after.id()),
        change,
        after.version(),
        clock.instant(),
        null,
        json.valueToTree(after));
  }

  private AuditEntry entry(
      @Nullable InstanceView before,
      InstanceView after,
      MetadataChanged.Change change,
      Caller caller) {
    return new AuditEntry(
        caller.actor(),
        json.convertValue(change, String.class),
        "instance",
        Long.toString(after.id()),
        before == null ? null : json.valueToTree(before),
        json.valueToTree(after),
        null);
  }

  private Mono<Void> notifyPages(long id) {
    return database
        .sql(
            """
            SELECT pg_notify('cadastre_live', json_build_object(
              'entity', 'instance', 'id', :id::text, 'instance_id', :id::bigint)::text)
            """)
        .bind("id", Long.toString(id))
        .then();
  }

  private static ProblemException taken(DuplicateKeyException failure, Registration wanted) {
    return String.valueOf(failure.getMessage()).contains("instance_account")
        ? ProblemException.conflict(
            "host",
            "%s:%d as %s".formatted(wanted.host(), wanted.port(), wanted.username()),
            "a server and account that no other instance has")
        : ProblemException.conflict("name", wanted.name(), "a name that no other instance has");
  }
}
