package io.cadastre.gateway.schedule;

import io.cadastre.gateway.operation.OperationKind;
import java.util.UUID;
import reactor.core.publisher.Mono;

/** Starts work on one instance, in the caller's transaction. */
interface WorkStarter {

  /** Tells the operation: a new one, or one of that kind that is under way already. */
  Mono<UUID> start(long instanceId, OperationKind kind, String requestedBy, UUID run);
}
