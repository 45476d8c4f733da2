package io.cadastre.gateway.operation;

import reactor.core.publisher.Mono;

/** Wants to know how operations end. */
public interface OperationListener {

  /**
   * Called in the transaction that ends the operation, once for each end: a held one ends again
   * when it is decided.
   */
  Mono<Void> finished(Operation operation);
}
