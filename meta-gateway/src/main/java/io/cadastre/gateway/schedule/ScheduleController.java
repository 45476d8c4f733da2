package io.cadastre.gateway.schedule;

import io.cadastre.gateway.access.Caller;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.audit.AuditEntry;
import io.cadastre.gateway.audit.AuditLog;
import io.cadastre.gateway.page.Cursor;
import io.cadastre.gateway.page.Limit;
import io.cadastre.gateway.page.Page;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.version.ETags;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.transaction.reactive.TransactionalOperator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;
import tools.jackson.databind.json.JsonMapper;

/** When jobs are done; and doing one now. */
@RestController
@RequestMapping("/api/v1/schedules")
final class ScheduleController {

  private static final int UPCOMING = 3;
  private static final String LIST = "schedules";

  private final Schedules schedules;
  private final ScheduleEngine engine;
  private final Wake wake;
  private final AuditLog audit;
  private final DatabaseClient database;
  private final TransactionalOperator transaction;
  private final JsonMapper json;
  private final InstantSource clock;

  ScheduleController(
      Schedules schedules,
      ScheduleEngine engine,
      Wake wake,
      AuditLog audit,
      DatabaseClient database,
      TransactionalOperator transaction,
      JsonMapper json,
      InstantSource clock) {
    this.schedules = schedules;
    this.engine = engine;
    this.wake = wake;
    this.audit = audit;
    this.database = database;
    this.transaction = transaction;
    this.json = json;
    this.clock = clock;
  }

  /** A schedule as the API shows it. */
  record Shown(
      Job job,
      String cron,
      String timeZone,
      int spreadMinutes,
      int parallel,
      boolean enabled,
      long version,
      Instant updatedAt,
      List<Instant> nextFireTimes) {

    static Shown of(Schedule schedule, Instant now) {
      return new Shown(
          schedule.job(),
          schedule.cron(),
          schedule.timeZone(),
          schedule.spreadMinutes(),
          schedule.parallel(),
          schedule.enabled(),
          schedule.version(),
          schedule.updatedAt(),
          schedule.upcoming(now, UPCOMING));
    }
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  Mono<Page<Shown>> list(
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
    int size = Limit.of(limit);
    String after =
        Cursor.decode(cursor, LIST, 1).map(place -> place.values().getFirst()).orElse("");
    return schedules
        .after(after, size + 1)
        .map(found -> found.stream().map(each -> Shown.of(each, clock.instant())).toList())
        .map(found -> Page.of(found, size, last -> Cursor.of(LIST, last.job().code())));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/{job}")
  Mono<ResponseEntity<Shown>> read(@PathVariable String job) {
    return schedules.get(known(job)).map(this::answer);
  }

  @RequiresRole(Role.ADMIN)
  @PutMapping("/{job}")
  Mono<ResponseEntity<Shown>> change(
      @PathVariable String job,
      @RequestHeader(name = "If-Match", required = false) @Nullable String ifMatch,
      @RequestBody ScheduleSettings request,
      @AuthenticationPrincipal Caller caller) {
    Job known = known(job);
    ScheduleSettings.Valid settings = request.validated();
    return schedules
        .lock(known)
        .flatMap(before -> {
          ETags.check(ifMatch, before.version());
          Schedule after = before.with(settings, clock.instant());
          return schedules
              .store(after)
              .then(audit.record(entry(caller, "updated", before, after)))
              .then(Told.about(database, "schedule", known.code()))
              .thenReturn(after);
        })
        .as(transaction::transactional)
        .map(this::answer);
  }

  @RequiresRole(Role.ADMIN)
  @PostMapping("/{job}/run")
  Mono<ResponseEntity<Run>> run(@PathVariable String job, @AuthenticationPrincipal Caller caller) {
    return engine
        .runNow(known(job), caller.actor())
        .flatMap(run -> audit.record(entry(caller, run)).thenReturn(run))
        .as(transaction::transactional)
        .doOnNext(_ -> wake.up())
        .map(run ->
            ResponseEntity.accepted().location(URI.create("/api/v1/runs/" + run.id())).body(run));
  }

  private static Job known(String job) {
    return Job.ofCode(job)
        .orElseThrow(
            () -> ProblemException.notFound("schedule", job + " (allowed: " + Job.ALLOWED + ")"));
  }

  private ResponseEntity<Shown> answer(Schedule schedule) {
    return ResponseEntity.ok()
        .eTag(ETags.of(schedule.version()))
        .body(Shown.of(schedule, clock.instant()));
  }

  private AuditEntry entry(Caller caller, Run run) {
    return new AuditEntry(
        caller.actor(), "requested", "run", run.id().toString(), null, json.valueToTree(run), null);
  }

  private AuditEntry entry(Caller caller, String action, Schedule before, Schedule after) {
    Instant now = clock.instant();
    return new AuditEntry(
        caller.actor(),
        action,
        "schedule",
        before.job().code(),
        json.valueToTree(Shown.of(before, now)),
        json.valueToTree(Shown.of(after, now)),
        null);
  }
}
