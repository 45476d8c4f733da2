package io.cadastre.gateway.operation;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Gives up, now and then, what nobody waits for any longer. */
@Component
final class ExpirySweeper implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(ExpirySweeper.class);

  private final Operations operations;
  private final OperationProperties properties;
  private @Nullable Disposable sweeping;

  ExpirySweeper(Operations operations, OperationProperties properties) {
    this.operations = operations;
    this.properties = properties;
  }

  @Override
  public synchronized void start() {
    sweeping =
        Flux.interval(properties.sweepInterval())
            .onBackpressureDrop()
            .concatMap(_ -> operations.expire())
            .retryWhen(
                Retry.backoff(Long.MAX_VALUE, Duration.ofSeconds(1))
                    .maxBackoff(Duration.ofSeconds(30))
                    .doBeforeRetry(retry ->
                        LOG.warn(
                            "Operations are not looked through, will try again: {}",
                            retry.failure().toString())))
            .subscribe(expired -> {
              if (expired > 0) {
                LOG.info("{} operations expired", expired);
              }
            });
  }

  @Override
  public synchronized void stop() {
    if (sweeping != null) {
      sweeping.dispose();
      sweeping = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return sweeping != null;
  }
}
