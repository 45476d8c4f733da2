package io.cadastre.gateway.operation;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.Command;
import io.cadastre.contracts.events.DiscoverDatabases;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.TestConnection;
import io.cadastre.gateway.audit.AuditEntry;
import io.cadastre.gateway.audit.AuditLog;
import io.cadastre.gateway.database.AfterCommit;
import io.cadastre.gateway.operation.InstanceScans.Target;
import io.cadastre.gateway.outbox.Outbox;
import io.cadastre.gateway.outbox.SentListener;
import io.cadastre.gateway.problem.ProblemException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/**
 * Work on instances, from the request to its end.
 *
 * <p>Whatever changes an operation holds the lock of its instance, so that requests, results,
 * decisions and the sweeper never meet in one.
 */
@Component
public final class Operations implements SentListener {

  private final OperationRows rows;
  private final InstanceScans instances;
  private final Outbox outbox;
  private final LiveNotice live;
  private final ObjectProvider<OperationListener> listeners;
  private final TransactionalOperator transactions;
  private final OperationProperties properties;
  private final InstantSource clock;
  private final Supplier<UUID> ids;
  private final MeterRegistry meters;
  private final AuditLog audit;
  private final JsonMapper json;

  Operations(
      OperationRows rows,
      InstanceScans instances,
      Outbox outbox,
      LiveNotice live,
      ObjectProvider<OperationListener> listeners,
      TransactionalOperator transactions,
      OperationProperties properties,
      InstantSource clock,
      Supplier<UUID> ids,
      MeterRegistry meters,
      AuditLog audit,
      JsonMapper json) {
    this.rows = rows;
    this.instances = instances;
    this.outbox = outbox;
    this.live = live;
    this.listeners = listeners;
    this.transactions = transactions;
    this.properties = properties;
    this.clock = clock;
    this.ids = ids;
    this.meters = meters;
    this.audit = audit;
    this.json = json;
  }

  /**
   * Starts an operation, or answers the one of the same kind that is under way.
   *
   * @param requestedBy a user, or {@code schedule}
   * @param runId of the run that asks, if one does
   * @throws ProblemException where there is no such instance, or it is deleted
   */
  public Mono<Operation> request(
      long instanceId, OperationKind kind, String requestedBy, @Nullable UUID runId) {
    Mono<Operation> startOrJoin =
        instances
            .lock(instanceId)
            .switchIfEmpty(Mono.error(() -> ProblemException.notFound("instance", instanceId)))
            .then(instances.target(instanceId))
            .flatMap(target ->
                rows.underWay(instanceId, kind)
                    .switchIfEmpty(
                        Mono.defer(() -> start(target, instanceId, kind, requestedBy, runId))));
    // A run has an entry of its own, for all its instances.
    Mono<Operation> requested =
        runId == null
            ? startOrJoin.flatMap(
                operation -> audit.record(entry(requestedBy, operation)).thenReturn(operation))
            : startOrJoin;
    return transactions.transactional(requested);
  }

  private AuditEntry entry(String requestedBy, Operation operation) {
    return new AuditEntry(
        requestedBy,
        "requested",
        "operation",
        operation.id().toString(),
        null,
        json.valueToTree(operation),
        operation.id());
  }

  private Mono<Operation> start(
      Target target,
      long instanceId,
      OperationKind kind,
      String requestedBy,
      @Nullable UUID runId) {
    Instant now = clock.instant();
    Operation operation = Operation.queued(ids.get(), kind, instanceId, requestedBy, runId, now);
    return rows.insert(operation, now.plus(properties.timeout()))
        .then(startScan(operation, kind.scans().getFirst(), target, now))
        .then(live.operation(operation))
        .thenReturn(operation);
  }

  private Mono<Step> startScan(Operation operation, ScanKind kind, Target target, Instant now) {
    // The whole operation expires at once, so a later scan gets what is left of its time.
    Instant expiresAt = operation.createdAt().plus(properties.timeout());
    long instanceId = operation.instanceId();
    return Mono.zip(instances.nextNumber(instanceId), instances.knownDatabases(instanceId))
        .flatMap(numbers -> {
          int expected = kind == ScanKind.CONNECTION ? 1 : numbers.getT2();
          Step step = Step.queued(ids.get(), kind, numbers.getT1(), expected);
          Scan scan = new Scan(step.scanId(), step.number(), operation.id(), expiresAt);
          return rows.insert(operation.id(), instanceId, step, now, expiresAt)
              .then(outbox.add(command(kind, target, scan)))
              .thenReturn(step);
        });
  }

  private static Command command(ScanKind kind, Target target, Scan scan) {
    return switch (kind) {
      case DATABASES -> new DiscoverDatabases(target.connection(), scan);
      case SIZES -> new CollectSizes(target.connection(), scan, target.patterns());
      case CONNECTION -> new TestConnection(target.connection(), scan);
    };
  }

  /** Its commands are with the workers. */
  @Override
  public Mono<Void> sent(List<UUID> operationIds) {
    return operationIds.isEmpty()
        ? Mono.empty()
        : rows.started(operationIds, clock.instant()).concatMap(live::operation).then();
  }

  public Mono<Operation> find(UUID id) {
    return rows.find(id);
  }

  /**
   * Carries an operation forward by what became of one of its scans. In the caller's transaction,
   * who holds the lock of the instance.
   *
   * @throws IllegalStateException where the scan cannot become that any more
   */
  public Mono<Operation> report(UUID operationId, UUID scanId, ScanReport report) {
    Instant now = clock.instant();
    return Mono.zip(rows.find(operationId), rows.steps(operationId))
        .flatMap(found -> {
          List<Step> steps = new ArrayList<>(found.getT2());
          int index = indexOf(steps, scanId);
          Step step = steps.get(index).after(report);
          steps.set(index, step);
          return rows.update(step, now)
              .then(decide(found.getT1(), step))
              .then(Mono.defer(() -> carryOn(found.getT1(), steps, now)));
        });
  }

  private static int indexOf(List<Step> steps, UUID scanId) {
    for (int i = 0; i < steps.size(); i++) {
      if (steps.get(i).scanId().equals(scanId)) {
        return i;
      }
    }
    throw new IllegalStateException("scan " + scanId + " belongs to another operation");
  }

  private Mono<Void> decide(Operation operation, Step step) {
    return switch (step.status()) {
      case SUCCEEDED, COMPLETED_WITH_ERRORS, HELD ->
          instances.decide(operation.instanceId(), step.kind(), step.number());
      case QUEUED, RUNNING, FAILED, EXPIRED -> Mono.empty();
    };
  }

  private Mono<Operation> carryOn(Operation before, List<Step> steps, Instant now) {
    Operation after = before.after(steps, now);
    Mono<Void> next =
        before
            .nextScan(steps)
            .map(kind ->
                instances
                    .target(before.instanceId())
                    .flatMap(target -> startScan(before, kind, target, now))
                    .then())
            .orElse(Mono.empty());
    return rows.update(after)
        .then(next)
        .then(live.operation(after))
        .then(Mono.defer(() -> ended(before, after)))
        .thenReturn(after);
  }

  private Mono<Void> ended(Operation before, Operation after) {
    if (!after.status().finished() || after.status() == before.status()) {
      return Mono.empty();
    }
    return Flux.fromStream(listeners::orderedStream)
        .concatMap(listener -> listener.finished(after))
        .then(AfterCommit.run(() -> count(after)));
  }

  private void count(Operation operation) {
    Instant finishedAt = operation.finishedAt();
    Timer.builder("cadastre.operation")
        .description("Operations that ended, and how long they took from the request on")
        .tag("kind", operation.kind().code())
        .tag("outcome", operation.status().code())
        .register(meters)
        .record(
            Duration.between(
                operation.createdAt(), finishedAt == null ? clock.instant() : finishedAt));
  }

  /** Gives up operations whose time is over; says how many. Any gateway may do it. */
  Mono<Long> expire() {
    Instant now = clock.instant();
    return rows.overdue(now, 100)
        .flatMapMany(Flux::fromIterable)
        .concatMap(overdue -> transactions.transactional(expireUnlessEnded(overdue, now)))
        .count();
  }

  private Mono<Operation> expireUnlessEnded(Operation overdue, Instant now) {
    return instances
        .lock(overdue.instanceId())
        .then(rows.find(overdue.id()))
        .filter(operation -> !operation.status().finished())
        .flatMap(operation -> expire(operation, now));
  }

  private Mono<Operation> expire(Operation operation, Instant now) {
    return rows.steps(operation.id())
        .flatMap(steps -> {
          List<Step> expired =
              steps.stream()
                  .map(step -> step.status().finished() ? step : step.after(expired(step)))
                  .toList();
          Operation after = operation.after(expired, now);
          return Flux.fromIterable(expired)
              .concatMap(step -> rows.update(step, now))
              .then(rows.update(after))
              .then(live.operation(after))
              .then(Mono.defer(() -> ended(operation, after)))
              .thenReturn(after);
        });
  }

  private static ScanReport expired(Step step) {
    return new ScanReport(
        OperationStatus.EXPIRED,
        step.done(),
        step.total(),
        step.result(),
        OperationFailure.EXPIRED);
  }
}
