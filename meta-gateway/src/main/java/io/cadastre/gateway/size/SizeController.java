package io.cadastre.gateway.size;

import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.problem.ProblemException;
import io.cadastre.gateway.size.SizeHistory.Samples;
import io.cadastre.gateway.size.SizeHistory.Subject;
import io.cadastre.gateway.size.SizeSeries.Point;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/** Sizes over time and where they are heading. */
@RestController
final class SizeController {

  private final SizeHistory history;
  private final SizeAggregation aggregation;
  private final ZoneId zone;
  private final InstantSource clock;

  SizeController(
      SizeHistory history,
      SizeAggregation aggregation,
      SizeProperties properties,
      InstantSource clock) {
    this.history = history;
    this.aggregation = aggregation;
    this.zone = properties.timeZone();
    this.clock = clock;
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/api/v1/instances/{id}/sizes")
  Mono<SizeSeries> ofInstance(
      @PathVariable long id,
      @RequestParam(required = false) @Nullable String interval,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to) {
    return series(new Subject(id, null), interval, from, to);
  }

  @RequiresRole(Role.VIEWER)
  @GetMapping("/api/v1/instances/{id}/databases/{name}/sizes")
  Mono<SizeSeries> ofDatabase(
      @PathVariable long id,
      @PathVariable String name,
      @RequestParam(required = false) @Nullable String interval,
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to) {
    var subject = new Subject(id, name);
    return history
        .known(subject)
        .flatMap(known ->
            known
                ? series(subject, interval, from, to)
                : Mono.error(ProblemException.notFound("database", name)));
  }

  private Mono<SizeSeries> series(
      Subject subject, @Nullable String interval, @Nullable String from, @Nullable String to) {
    Instant now = clock.instant();
    SizeRange range = SizeRange.of(interval, from, to, zone, now);
    return history
        .level(subject)
        .switchIfEmpty(
            Mono.error(() -> ProblemException.notFound("instance", subject.instanceId())))
        .flatMap(level ->
            aggregation
                .refresh(subject.instanceId())
                .then(Mono.defer(() -> series(subject, range, level, now))));
  }

  private Mono<SizeSeries> series(
      Subject subject, SizeRange range, SizeHistory.Level level, Instant now) {
    LocalDate today = LocalDate.ofInstant(now, zone);
    Mono<Samples> samples =
        range.interval() == Interval.SAMPLE
            ? history.samples(subject, range.from(), range.to())
            : Mono.just(new Samples(List.of(), 0));
    Mono<List<SizeSeries.Period>> periods =
        range.interval() == Interval.SAMPLE
            ? Mono.just(List.of())
            : history.periods(
                subject, range.interval(), range.first(zone), range.last(zone), today);
    Mono<Forecast> forecast =
        history
            .forTrend(subject, today)
            .map(days ->
                Forecast.of(Trend.of(days), level.latestBytes(), level.capacityBytes(), now));
    return Mono.zip(samples, periods, forecast)
        .map(all -> {
          List<? extends Point> points =
              range.interval() == Interval.SAMPLE ? all.getT1().points() : all.getT2();
          return new SizeSeries(
              subject.instanceId(),
              subject.database(),
              range.interval(),
              zone.getId(),
              range.from(),
              range.to(),
              List.copyOf(points),
              all.getT1().thinned() ? all.getT1().total() : null,
              all.getT3());
        });
  }
}
