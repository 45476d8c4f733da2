package io.cadastre.gateway.outbox;

import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/**
 * Where messages wait that leave with the transaction of their cause, or not at all.
 *
 * <p>Messages of one key leave in the order in which they were added, so whoever adds one holds the
 * lock of the entity it is about.
 */
@Component
public final class Outbox {

  private static final URI SOURCE = URI.create("/cadastre/meta-gateway");

  private final OutboxRows rows;
  private final CurrentTrace trace;
  private final InstantSource clock;

  Outbox(OutboxRows rows, CurrentTrace trace, InstantSource clock) {
    this.rows = rows;
    this.trace = trace;
    this.clock = clock;
  }

  /**
   * Adds a message to the caller's transaction; it is on its way as soon as that is committed.
   *
   * @throws IllegalStateException where there is no transaction
   */
  public Mono<Void> add(Message message) {
    Instant now = clock.instant();
    return TransactionSynchronizationManager.forCurrentTransaction()
        .then(trace.traceparent())
        .map(traceparent -> Envelope.of(message, SOURCE, now, traceparent.orElse(null)))
        .flatMap(
            envelope -> rows.insert(KafkaBinding.write(envelope), message.correlationId(), now));
  }
}
