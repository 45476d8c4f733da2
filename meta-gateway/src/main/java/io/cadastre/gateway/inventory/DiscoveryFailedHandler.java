package io.cadastre.gateway.inventory;

import io.cadastre.contracts.events.DiscoveryFailed;
import io.cadastre.gateway.inbox.ScanDelivery;
import io.cadastre.gateway.inbox.ScanEventHandler;
import io.cadastre.gateway.operation.OperationFailure;
import io.cadastre.gateway.operation.ScanReport;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Ends a scan that failed; what was known of the instance still stands. */
@Component
final class DiscoveryFailedHandler implements ScanEventHandler<DiscoveryFailed> {

  private final StagedScan staged;

  DiscoveryFailedHandler(StagedScan staged) {
    this.staged = staged;
  }

  @Override
  public Class<DiscoveryFailed> eventType() {
    return DiscoveryFailed.class;
  }

  @Override
  public Mono<ScanReport> apply(ScanDelivery<DiscoveryFailed> delivery) {
    DiscoveryFailed failed = delivery.event();
    return staged
        .discard(failed.scan().scanId())
        .thenReturn(ScanReport.failed(0, 0, null, OperationFailure.of(failed.failure())));
  }
}
