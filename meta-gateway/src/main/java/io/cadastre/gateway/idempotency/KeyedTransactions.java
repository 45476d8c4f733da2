package io.cadastre.gateway.idempotency;

import io.r2dbc.spi.ConnectionFactory;
import org.springframework.r2dbc.connection.R2dbcTransactionManager;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.GenericReactiveTransaction;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/**
 * The transactions of the gateway. One that does the work of an {@link Attempt} says so in its last
 * statement: the work and the knowledge of it are committed together or not at all, and an attempt
 * whose key was claimed by a later one cannot commit any more.
 */
@Component
final class KeyedTransactions extends R2dbcTransactionManager {

  private final IdempotencyKeys keys;

  KeyedTransactions(ConnectionFactory connections, IdempotencyKeys keys) {
    super(connections);
    this.keys = keys;
  }

  @Override
  protected Mono<Void> prepareForCommit(
      TransactionSynchronizationManager synchronization, GenericReactiveTransaction transaction) {
    if (!transaction.isNewTransaction()) {
      return Mono.empty();
    }
    return Mono.deferContextual(context -> {
      Attempt attempt = Attempt.of(context);
      return attempt == null ? Mono.empty() : keys.committing(attempt);
    });
  }
}
