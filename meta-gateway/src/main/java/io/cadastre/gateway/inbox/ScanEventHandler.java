package io.cadastre.gateway.inbox;

import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.gateway.operation.ScanReport;
import reactor.core.publisher.Mono;

/**
 * Applies one type of scan event; a bean of this type gets every such event once.
 *
 * <p>It runs in the transaction that remembers the event and that carries the operation forward, so
 * what it writes is there exactly when the event counts as received. No other event of the same
 * instance is handled meanwhile. An error rolls all of it back: an outage of the database makes the
 * event come again, a {@code RejectedMessageException} puts it into the dead letters.
 */
public interface ScanEventHandler<E extends ScanEvent> {

  Class<E> eventType();

  /** Writes what the event says and tells where its scan stands by that. */
  Mono<ScanReport> apply(ScanDelivery<E> delivery);
}
