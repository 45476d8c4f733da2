package io.cadastre.gateway.schedule;

import io.cadastre.gateway.problem.ProblemException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.transaction.ReactiveTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Fires what is due and takes runs forward. Several gateways do so side by side: the row of the
 * schedule decides who fires, the row of the run who starts its next instances, and neither waits
 * for the other.
 */
final class ScheduleEngine {

  /** Who asks for the operations of a run that nobody started by hand. */
  static final String REQUESTED_BY_SCHEDULE = "schedule";

  /** Started in one transaction; each locks its instance until the end of it. */
  private static final int STARTED_AT_ONCE = 20;

  /** A firing later than this begins its window now, else it would all be over at once. */
  private static final Duration PUNCTUAL = Duration.ofMinutes(1);

  private final Schedules schedules;
  private final Runs runs;
  private final RunItems items;
  private final WorkStarter starter;
  private final DatabaseClient database;
  private final TransactionalOperator transaction;
  private final TransactionalOperator savepoint;
  private final ScheduleMetrics metrics;
  private final InstantSource clock;
  private final Supplier<UUID> ids;

  ScheduleEngine(
      Schedules schedules,
      Runs runs,
      RunItems items,
      WorkStarter starter,
      DatabaseClient database,
      ReactiveTransactionManager transactions,
      ScheduleMetrics metrics,
      InstantSource clock,
      Supplier<UUID> ids) {
    this.schedules = schedules;
    this.runs = runs;
    this.items = items;
    this.starter = starter;
    this.database = database;
    this.transaction = TransactionalOperator.create(transactions);
    this.savepoint =
        TransactionalOperator.create(
            transactions,
            new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NESTED));
    this.metrics = metrics;
    this.clock = clock;
    this.ids = ids;
  }

  /** Does everything that can be done now. */
  Mono<Void> tick() {
    return schedules
        .all()
        .doOnNext(metrics::schedules)
        .flatMapMany(Flux::fromIterable)
        .filter(schedule -> schedule.due(clock.instant()).isPresent())
        .concatMap(schedule -> fire(schedule.job()))
        .concatMap(_ -> schedules.all().doOnNext(metrics::schedules))
        .then()
        .thenMany(runs.underWay().collectList().flatMapMany(Flux::fromIterable))
        .concatMap(this::advance)
        .then();
  }

  private Mono<UUID> fire(Job job) {
    return transaction.transactional(
        schedules
            .tryLock(job)
            .flatMap(schedule ->
                Mono.justOrEmpty(schedule.due(clock.instant()))
                    .flatMap(due -> fire(schedule, due))));
  }

  private Mono<UUID> fire(Schedule schedule, Due due) {
    Instant now = clock.instant();
    boolean punctual = due.fireTime().plus(PUNCTUAL).isAfter(now);
    // Where the run before is still under way nothing begins, and the firing stays due.
    return begin(
            schedule,
            Trigger.SCHEDULE,
            due,
            REQUESTED_BY_SCHEDULE,
            punctual ? due.fireTime() : now,
            schedule.spread())
        .flatMap(id -> schedules.handledThrough(schedule.job(), due.fireTime()).thenReturn(id));
  }

  /** Begins a run by hand, or joins the one that is under way. */
  Mono<Run> runNow(Job job, String requestedBy) {
    return transaction.transactional(
        schedules
            .lock(job)
            .flatMap(
                schedule -> runs.underWay(job).switchIfEmpty(beginNow(schedule, requestedBy))));
  }

  private Mono<Run> beginNow(Schedule schedule, String requestedBy) {
    return Mono.defer(() -> {
      Instant now = clock.instant();
      return begin(schedule, Trigger.MANUAL, new Due(now, 0), requestedBy, now, Duration.ZERO)
          .flatMap(runs::get);
    });
  }

  private Mono<UUID> begin(
      Schedule schedule,
      Trigger trigger,
      Due due,
      String requestedBy,
      Instant windowStart,
      Duration window) {
    return runs.begin(
            ids.get(),
            schedule.job(),
            trigger,
            due,
            requestedBy,
            schedule.parallel(),
            clock.instant())
        .flatMap(id -> items.plan(id, windowStart, window).then(tell(id)).thenReturn(id));
  }

  /** Starts instances until as many are under way as may be, and ends the run after the last. */
  private Mono<Void> advance(UUID id) {
    return transaction
        .transactional(runs.tryLock(id).flatMap(_ -> runs.get(id)).flatMap(this::step))
        .flatMap(step ->
            switch (step) {
              case STARTED_SOME -> advance(id);
              case NOTHING_TO_START -> Mono.<Void>empty();
              case FINISHED -> runs.get(id).doOnNext(metrics::finished).then();
            });
  }

  private enum Step {
    STARTED_SOME,
    NOTHING_TO_START,
    FINISHED
  }

  private Mono<Step> step(Run run) {
    if (run.counts().done()) {
      return runs.finish(run.id(), run.counts().outcome(), clock.instant())
          .then(tell(run.id()))
          .thenReturn(Step.FINISHED);
    }
    int free = Math.min(run.parallel() - run.counts().running(), STARTED_AT_ONCE);
    if (free <= 0) {
      return Mono.just(Step.NOTHING_TO_START);
    }
    return items
        .due(run.id(), clock.instant(), free)
        .flatMap(due ->
            due.isEmpty()
                ? Mono.just(Step.NOTHING_TO_START)
                : Flux.fromIterable(due)
                    .concatMap(next -> start(run, next))
                    .then(tell(run.id()))
                    .thenReturn(Step.STARTED_SOME));
  }

  private Mono<Void> start(Run run, RunItems.Next next) {
    if (next.deleted()) {
      var reason = new RunItem.Reason("instance_deleted", "The instance was deleted meanwhile.");
      return items.ended(run.id(), next.instanceId(), "skipped", reason, clock.instant());
    }
    return savepoint
        .transactional(
            starter.start(next.instanceId(), run.job().operation(), run.requestedBy(), run.id()))
        .flatMap(
            operation -> items.started(run.id(), next.instanceId(), operation, clock.instant()))
        .onErrorResume(ProblemException.class, refusal -> refused(run, next, refusal));
  }

  /** One instance that cannot be asked does not keep the others from it. */
  private Mono<Void> refused(Run run, RunItems.Next next, ProblemException refusal) {
    String message = Objects.requireNonNullElse(refusal.getMessage(), refusal.kind().name());
    var reason = new RunItem.Reason("not_started", message);
    return items.ended(run.id(), next.instanceId(), "failed", reason, clock.instant());
  }

  private Mono<Void> tell(UUID run) {
    return Told.about(database, "run", run.toString());
  }
}
