package io.cadastre.gateway.size;

import io.cadastre.contracts.events.SizeCollectionFailed;
import io.cadastre.gateway.inbox.ScanDelivery;
import io.cadastre.gateway.inbox.ScanEventHandler;
import io.cadastre.gateway.operation.OperationFailure;
import io.cadastre.gateway.operation.ScanReport;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** A measurement that broke off. Samples of the parts that came stay; there is no total. */
@Component
final class SizeCollectionFailedHandler implements ScanEventHandler<SizeCollectionFailed> {

  @Override
  public Class<SizeCollectionFailed> eventType() {
    return SizeCollectionFailed.class;
  }

  @Override
  public Mono<ScanReport> apply(ScanDelivery<SizeCollectionFailed> delivery) {
    SizeResult soFar = SizeResult.of(delivery.resultSoFar());
    return Mono.just(
        ScanReport.failed(
            soFar.done(),
            soFar.databasesTotal(),
            delivery.resultSoFar() == null ? null : soFar,
            OperationFailure.of(delivery.event().failure())));
  }
}
