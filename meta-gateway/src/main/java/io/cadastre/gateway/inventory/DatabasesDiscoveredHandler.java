package io.cadastre.gateway.inventory;

import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.MetadataChanged;
import io.cadastre.gateway.inbox.ScanDelivery;
import io.cadastre.gateway.inbox.ScanEventHandler;
import io.cadastre.gateway.inventory.DeletionGuard.Decision;
import io.cadastre.gateway.operation.ScanReport;
import io.cadastre.messaging.receive.RejectedMessageException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Applies what a scan found, once all of it is in. */
@Component
final class DatabasesDiscoveredHandler implements ScanEventHandler<DatabasesDiscovered> {

  private final StagedScan staged;
  private final HeldScans held;
  private final InventoryNews news;
  private final DeletionGuard guard;
  private final InstantSource clock;

  DatabasesDiscoveredHandler(
      StagedScan staged,
      HeldScans held,
      InventoryNews news,
      InventoryProperties properties,
      InstantSource clock) {
    this.staged = staged;
    this.held = held;
    this.news = news;
    guard = properties.guard();
    this.clock = clock;
  }

  @Override
  public Class<DatabasesDiscovered> eventType() {
    return DatabasesDiscovered.class;
  }

  @Override
  public Mono<ScanReport> apply(ScanDelivery<DatabasesDiscovered> delivery) {
    DatabasesDiscovered found = delivery.event();
    UUID scanId = found.scan().scanId();
    Optional<String> problem = ListedAt.problemOf(found.finishedAt(), clock.instant());
    if (problem.isPresent()) {
      return Mono.error(new RejectedMessageException(problem.get()));
    }
    return staged
        .add(scanId, found.attemptedAt(), found.databases())
        .then(staged.count(scanId, found.attemptedAt()))
        .flatMap(count ->
            delivery.complete()
                ? applyWhole(found, count)
                : Mono.just(ScanReport.running(count.intValue(), found.databasesTotal(), null)));
  }

  /** Nothing may be taken for gone because a worker lost count. */
  private Mono<ScanReport> applyWhole(DatabasesDiscovered found, long listed) {
    return listed == found.databasesTotal()
        ? staged
            .choose(found.scan().scanId(), found.attemptedAt())
            .then(Mono.defer(() -> applyWhole(found)))
        : Mono.error(() ->
            new RejectedMessageException(
                "databases_total: %d (in all parts: %d)"
                    .formatted(found.databasesTotal(), listed)));
  }

  private Mono<ScanReport> applyWhole(DatabasesDiscovered found) {
    long instanceId = found.instanceId();
    UUID scanId = found.scan().scanId();
    String reason = found.visibilityReason() == null ? "" : found.visibilityReason();
    return held.supersede(instanceId, found.scan().scanNumber())
        .then(staged.absence(instanceId, scanId))
        .flatMap(absence ->
            switch (guard.decide(found.visibility(), reason, absence.known(), absence.vanished())) {
              case Decision.Apply _ ->
                  staged
                      .apply(instanceId, scanId, found.finishedAt(), true, null)
                      .flatMap(result -> tell(found, result))
                      .map(result -> ScanReport.succeeded(found.databasesTotal(), result));
              case Decision.ApplyWithoutDeleting(String warning) ->
                  staged
                      .apply(instanceId, scanId, found.finishedAt(), false, warning)
                      .flatMap(result -> tell(found, result))
                      .map(
                          result -> ScanReport.completedWithErrors(found.databasesTotal(), result));
              case Decision.Hold(String why) ->
                  held.hold(found, why, absence.vanished())
                      .map(result -> ScanReport.held(found.databasesTotal(), result));
            });
  }

  private Mono<DiscoveryResult> tell(DatabasesDiscovered found, DiscoveryResult result) {
    return news.tell(
            found.instanceId(),
            found.scan().scanNumber(),
            found.scan().operationId(),
            MetadataChanged.Change.UPDATED,
            result)
        .thenReturn(result);
  }
}
