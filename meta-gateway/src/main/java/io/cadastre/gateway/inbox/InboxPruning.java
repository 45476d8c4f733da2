package io.cadastre.gateway.inbox;

import java.time.Duration;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.util.retry.Retry;

/** Forgets messages that cannot come again any more. */
@Component
final class InboxPruning implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(InboxPruning.class);
  private static final Duration INTERVAL = Duration.ofHours(1);

  private final InboxRows rows;
  private final InboxProperties properties;
  private final InstantSource clock;
  private @Nullable Disposable pruning;

  InboxPruning(InboxRows rows, InboxProperties properties, InstantSource clock) {
    this.rows = rows;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public synchronized void start() {
    pruning =
        Flux.interval(INTERVAL)
            .onBackpressureDrop()
            .concatMap(_ -> rows.prune(clock.instant().minus(properties.retention())))
            .retryWhen(Retry.backoff(Long.MAX_VALUE, Duration.ofMinutes(1)).maxBackoff(INTERVAL))
            .subscribe(pruned -> LOG.debug("{} messages forgotten", pruned));
  }

  @Override
  public synchronized void stop() {
    if (pruning != null) {
      pruning.dispose();
      pruning = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return pruning != null;
  }
}
