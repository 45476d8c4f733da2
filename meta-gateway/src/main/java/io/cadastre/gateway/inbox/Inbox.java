package io.cadastre.gateway.inbox;

import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.gateway.database.AfterCommit;
import io.cadastre.gateway.database.DatabaseOutage;
import io.cadastre.gateway.operation.Operations;
import io.cadastre.gateway.operation.ScanReport;
import io.cadastre.messaging.OutageException;
import io.cadastre.messaging.receive.MessageHandler;
import io.cadastre.messaging.receive.RejectedMessageException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Mono;

/**
 * Takes in what the workers found: remembers the message, applies it and carries its operation
 * forward, all in one transaction. A message that comes again does nothing.
 */
final class Inbox implements MessageHandler {

  private static final Logger LOG = LoggerFactory.getLogger(Inbox.class);
  private static final Duration AT_MOST = Duration.ofMinutes(2);

  private final InboxRows rows;
  private final Operations operations;
  private final InstanceHealth health;
  private final Map<Class<?>, ScanEventHandler<?>> handlers;
  private final TransactionalOperator transactions;
  private final Counter duplicates;
  private final Counter outdated;

  Inbox(
      InboxRows rows,
      Operations operations,
      InstanceHealth health,
      List<ScanEventHandler<?>> handlers,
      TransactionalOperator transactions,
      MeterRegistry meters) {
    this.rows = rows;
    this.operations = operations;
    this.health = health;
    this.handlers =
        handlers.stream()
            .collect(Collectors.toMap(ScanEventHandler::eventType, Function.identity()));
    this.transactions = transactions;
    duplicates =
        Counter.builder("cadastre.inbox.duplicates")
            .description("Messages that had been taken in before")
            .register(meters);
    outdated =
        Counter.builder("cadastre.inbox.outdated")
            .description("Results older than one that was decided already")
            .register(meters);
  }

  @Override
  public void handle(Envelope<Message> envelope) {
    if (!(envelope.message() instanceof ScanEvent event)) {
      throw new RejectedMessageException(
          envelope.message().getClass().getSimpleName() + " is no result of a scan");
    }
    try {
      transactions.transactional(takeIn(envelope, event)).timeout(AT_MOST).block();
    } catch (RuntimeException e) {
      if (DatabaseOutage.is(e) || e.getCause() instanceof TimeoutException) {
        throw new OutageException("PostgreSQL does not answer: " + e.getMessage(), e);
      }
      throw e;
    }
  }

  private Mono<Void> takeIn(Envelope<Message> envelope, ScanEvent event) {
    return rows.remember(envelope)
        .flatMap(isNew -> {
          if (!isNew) {
            return AfterCommit.run(duplicates::increment);
          }
          return rows.lockScan(event).flatMap(scan -> apply(event, scan));
        });
  }

  private Mono<Void> apply(ScanEvent event, ScanRow scan) {
    if (scan.outdated()) {
      LOG.info("Scan {} of instance {} is outdated", scan.number(), event.instanceId());
      return AfterCommit.run(outdated::increment);
    }
    if (!scan.acceptsResults()) {
      return Mono.error(
          () -> new RejectedMessageException("scan " + scan.id() + " is " + scan.status()));
    }
    return rows.addPart(event)
        .flatMap(complete -> handled(event, scan, complete))
        .then(health.seen(event));
  }

  private Mono<Void> handled(ScanEvent event, ScanRow scan, boolean complete) {
    ScanEventHandler<?> handler = handlers.get(event.getClass());
    if (handler == null) {
      return Mono.error(() -> new IllegalStateException("nobody handles " + event.getClass()));
    }
    return deliver(handler, event, scan, complete);
  }

  private <E extends ScanEvent> Mono<Void> deliver(
      ScanEventHandler<E> handler, ScanEvent event, ScanRow scan, boolean complete) {
    E typed = handler.eventType().cast(event);
    return handler
        .apply(new ScanDelivery<>(typed, complete, scan.result()))
        .flatMap(report ->
            keepResult(event, report)
                .then(operations.report(scan.operationId(), scan.id(), report)))
        .then();
  }

  private Mono<Void> keepResult(ScanEvent event, ScanReport report) {
    return report.result() == null ? Mono.empty() : rows.keepResult(event, report.result());
  }
}
