package io.cadastre.gateway.operation;

import io.cadastre.gateway.listen.Channel;
import io.cadastre.gateway.listen.Closing;
import io.cadastre.gateway.listen.DatabaseNotifications;
import io.cadastre.gateway.listen.Signal;
import java.time.Duration;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/** Waits for the end of an operation by listening, not by asking again and again. */
@Component
class OperationWait {

  private final OperationRows rows;
  private final DatabaseNotifications notifications;
  private final Closing closing;

  OperationWait(OperationRows rows, DatabaseNotifications notifications, Closing closing) {
    this.rows = rows;
    this.notifications = notifications;
    this.closing = closing;
  }

  /** Answers the operation as it is when it ends, when the time is over, or the gateway stops. */
  Mono<Operation> forEnd(Operation operation, Duration atMost) {
    if (atMost.isZero() || operation.status().finished()) {
      return Mono.just(operation);
    }
    Mono<Operation> now = rows.find(operation.id());
    // Asked once after listening began: it may have ended in between.
    Flux<Operation> changes =
        notifications
            .signals()
            .filter(signal -> concerns(signal, operation))
            .map(_ -> true)
            .mergeWith(Mono.just(true))
            .onBackpressureLatest()
            .concatMap(_ -> now);
    Mono<Long> over = Mono.firstWithSignal(Mono.delay(atMost), closing.begun().then(Mono.just(0L)));
    return changes.filter(found -> found.status().finished()).next().timeout(over, now);
  }

  private static boolean concerns(Signal signal, Operation operation) {
    return switch (signal) {
      case Signal.Notified notified ->
          notified.channel() == Channel.LIVE
              && notified.payload().contains(operation.id().toString());
      case Signal.Connected _ -> true;
    };
  }
}
