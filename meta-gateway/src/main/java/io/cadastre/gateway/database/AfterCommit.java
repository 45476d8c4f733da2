package io.cadastre.gateway.database;

import org.springframework.transaction.reactive.TransactionSynchronization;
import org.springframework.transaction.reactive.TransactionSynchronizationManager;
import reactor.core.publisher.Mono;

/** What is not to be undone waits until the transaction that leads to it is committed. */
public final class AfterCommit {

  private AfterCommit() {}

  /**
   * Does it once the caller's transaction is committed, and not at all where it is rolled back.
   *
   * @throws IllegalStateException where there is no transaction
   */
  public static Mono<Void> run(Runnable action) {
    return TransactionSynchronizationManager.forCurrentTransaction()
        .doOnNext(current ->
            current.registerSynchronization(
                new TransactionSynchronization() {
                  @Override
                  public Mono<Void> afterCommit() {
                    return Mono.fromRunnable(action);
                  }
                }))
        .then();
  }
}
