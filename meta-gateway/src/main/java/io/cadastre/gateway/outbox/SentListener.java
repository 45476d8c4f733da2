package io.cadastre.gateway.outbox;

import java.util.List;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Wants to know when messages are with the broker. */
public interface SentListener {

  /** Called in the transaction that takes them out of the outbox. */
  Mono<Void> sent(List<UUID> operationIds);
}
