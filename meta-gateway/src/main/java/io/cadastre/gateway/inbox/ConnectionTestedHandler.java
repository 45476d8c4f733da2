package io.cadastre.gateway.inbox;

import io.cadastre.contracts.events.ConnectionTested;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.gateway.operation.OperationFailure;
import io.cadastre.gateway.operation.ScanReport;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** Ends a test connection. */
@Component
final class ConnectionTestedHandler implements ScanEventHandler<ConnectionTested> {

  /** What the operation shows. */
  record Result(@Nullable ServerInfo server, @Nullable Long latencyMillis, List<String> advice) {}

  @Override
  public Class<ConnectionTested> eventType() {
    return ConnectionTested.class;
  }

  @Override
  public Mono<ScanReport> apply(ScanDelivery<ConnectionTested> delivery) {
    ConnectionTested tested = delivery.event();
    Result result = new Result(tested.server(), tested.latencyMillis(), tested.advice());
    Failure failure = tested.failure();
    return Mono.just(
        failure == null
            ? ScanReport.succeeded(1, result)
            : ScanReport.failed(0, 1, result, OperationFailure.of(failure)));
  }
}
