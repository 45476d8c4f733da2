package io.cadastre.gateway.size;

import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.gateway.database.AfterCommit;
import io.cadastre.gateway.inbox.ScanDelivery;
import io.cadastre.gateway.inbox.ScanEventHandler;
import io.cadastre.gateway.operation.ScanReport;
import io.cadastre.messaging.receive.RejectedMessageException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Keeps what was measured: each part's samples as it comes, the instance's own with the last. */
@Component
final class SizesCollectedHandler implements ScanEventHandler<SizesCollected> {

  private final SizeStore store;
  private final SizeMetrics metrics;
  private final SizeProperties properties;
  private final InstantSource clock;

  SizesCollectedHandler(
      SizeStore store, SizeMetrics metrics, SizeProperties properties, InstantSource clock) {
    this.store = store;
    this.metrics = metrics;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public Class<SizesCollected> eventType() {
    return SizesCollected.class;
  }

  @Override
  public Mono<ScanReport> apply(ScanDelivery<SizesCollected> delivery) {
    SizesCollected part = delivery.event();
    Instant now = clock.instant();
    Optional<String> problem =
        SizesCheck.problemOf(part, Retention.at(now, properties).oldestSample(), now);
    if (problem.isPresent()) {
      return Mono.error(new RejectedMessageException(problem.get()));
    }
    LocalDate month = LocalDate.ofInstant(part.collectedAt(), ZoneOffset.UTC);
    LocalDate day = LocalDate.ofInstant(part.collectedAt(), properties.timeZone());
    return store
        .ensurePartitions(month, month)
        .then(store.addSamples(part))
        .then(store.touch(part.instanceId(), day))
        .then(store.addFailures(part))
        .map(carried -> SizeResult.of(delivery.resultSoFar()).plus(part, carried))
        .flatMap(result -> delivery.complete() ? finish(part, result) : goOn(result))
        .flatMap(report ->
            AfterCommit.run(() -> metrics.samplesSaved(part.databases().size()))
                .thenReturn(report));
  }

  private Mono<ScanReport> goOn(SizeResult result) {
    return Mono.just(ScanReport.running(result.done(), result.databasesTotal(), result));
  }

  private Mono<ScanReport> finish(SizesCollected part, SizeResult result) {
    if (result.done() != part.databasesTotal()) {
      return Mono.error(() ->
          new RejectedMessageException(
              "databases_total: %d (in all parts: %d)"
                  .formatted(part.databasesTotal(), result.done())));
    }
    ScanReport report =
        result.failedCount() == 0
            ? ScanReport.succeeded(result.done(), result)
            : ScanReport.completedWithErrors(result.done(), result);
    return store
        .addInstanceSample(part, result)
        .then(store.setLatest(part, result))
        .thenReturn(report);
  }
}
