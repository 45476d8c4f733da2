package io.cadastre.gateway.schedule;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.page.Cursor;
import io.cadastre.gateway.page.Limit;
import io.cadastre.gateway.page.Page;
import io.cadastre.gateway.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** What became of the runs of schedules. */
@RestController
@RequestMapping("/api/v1/runs")
final class RunController {

  private static final String LIST = "runs/started_at";
  private static final int ITEMS_SHOWN = 5000;

  private final Runs runs;
  private final RunItems items;

  RunController(Runs runs, RunItems items) {
    this.runs = runs;
    this.items = items;
  }

  /** A run with its instances, of which the first thousands are shown. */
  record WithItems(@JsonUnwrapped Run run, List<RunItem> items, int itemsOmitted) {}

  /** The last run of the page before. */
  private record Place(Instant startedAt, UUID id) {

    static Place of(String cursor, Cursor decoded) {
      try {
        return new Place(
            Instant.parse(Objects.requireNonNullElse(decoded.values().getFirst(), "")),
            UUID.fromString(Objects.requireNonNullElse(decoded.values().getLast(), "")));
      } catch (DateTimeException | IllegalArgumentException e) {
        throw Cursor.refuse(cursor);
      }
    }
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping
  Mono<Page<Run>> list(
      @RequestParam(required = false) @Nullable String job,
      @RequestParam(required = false) @Nullable String status,
      @RequestParam(required = false) @Nullable Integer limit,
      @RequestParam(required = false) @Nullable String cursor) {
    int size = Limit.of(limit);
    Job ofJob = job == null ? null : or(Job.ofCode(job), "job", job, Job.ALLOWED);
    RunStatus ofStatus =
        status == null ? null : or(RunStatus.ofCode(status), "status", status, RunStatus.ALLOWED);
    Place after =
        cursor == null
            ? null
            : Cursor.decode(cursor, LIST, 2).map(place -> Place.of(cursor, place)).orElse(null);
    return runs.page(
            ofJob,
            ofStatus,
            after == null ? null : after.startedAt(),
            after == null ? null : after.id(),
            size + 1)
        .map(rows ->
            Page.of(
                rows,
                size,
                run -> Cursor.of(LIST, run.startedAt().toString(), run.id().toString())));
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/{id}")
  Mono<WithItems> read(@PathVariable UUID id) {
    return runs.get(id)
        .switchIfEmpty(Mono.error(() -> ProblemException.notFound("run", id)))
        .flatMap(run ->
            items
                .of(id, ITEMS_SHOWN)
                .map(shown -> new WithItems(run, shown, run.counts().total() - shown.size())));
  }

  private static <T> T or(Optional<T> value, String field, String given, String allowed) {
    return value.orElseThrow(() -> ProblemException.invalid(field, given, allowed));
  }
}
