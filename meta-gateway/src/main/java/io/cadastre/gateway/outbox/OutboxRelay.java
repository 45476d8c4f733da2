package io.cadastre.gateway.outbox;

import io.cadastre.gateway.listen.Channel;
import io.cadastre.gateway.listen.DatabaseNotifications;
import io.cadastre.gateway.listen.Signal;
import io.cadastre.messaging.send.MessageSender;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Takes records from the outbox to Kafka. Every gateway runs one; they share the work by locking
 * the rows they send.
 *
 * <p>Order: only the oldest unsent record of a key may be locked, so the next of that key is sent
 * after this one is acknowledged and deleted, by whichever gateway. Locks are held while Kafka
 * answers promptly. Where it does not they are given back, and another gateway may send the same
 * record once more: same id, so readers drop it.
 */
@Component
final class OutboxRelay implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
  private static final Duration PROMPT = Duration.ofSeconds(2);
  private static final Duration ROUND_AT_MOST = Duration.ofSeconds(30);
  private static final Duration LAST_ROUND = Duration.ofSeconds(5);
  private static final Duration PAUSE_AFTER_OUTAGE = Duration.ofSeconds(1);
  private static final int BATCH = 200;

  /** Stops before the listening that wakes it, and before the sender. */
  private static final int PHASE = 100;

  private final OutboxRows rows;
  private final MessageSender sender;
  private final List<SentListener> listeners;
  private final TransactionalOperator transactions;
  private final DatabaseNotifications notifications;
  private final OutboxProperties properties;
  private final InstantSource clock;

  private final InFlight inFlight = new InFlight();
  private final Semaphore wake = new Semaphore(0);
  private volatile boolean running;
  private @Nullable Disposable signals;
  private @Nullable Thread thread;

  OutboxRelay(
      OutboxRows rows,
      MessageSender sender,
      List<SentListener> listeners,
      TransactionalOperator transactions,
      DatabaseNotifications notifications,
      OutboxProperties properties,
      InstantSource clock) {
    this.rows = rows;
    this.sender = sender;
    this.listeners = listeners;
    this.transactions = transactions;
    this.notifications = notifications;
    this.properties = properties;
    this.clock = clock;
  }

  @Override
  public synchronized void start() {
    running = true;
    signals =
        notifications.signals().filter(OutboxRelay::concernsOutbox).subscribe(_ -> wake.release());
    thread = Thread.ofVirtual().name("outbox-relay").start(this::run);
  }

  private static boolean concernsOutbox(Signal signal) {
    return switch (signal) {
      case Signal.Notified notified -> notified.channel() == Channel.OUTBOX;
      case Signal.Connected _ -> true;
    };
  }

  private void run() {
    try {
      while (running) {
        if (!round()) {
          boolean _ = wake.tryAcquire(properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS);
          wake.drainPermits();
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns whether to look again at once. */
  private boolean round() throws InterruptedException {
    try {
      Boolean more = transactions.transactional(settleAndSend()).block(ROUND_AT_MOST);
      return Boolean.TRUE.equals(more);
    } catch (RuntimeException e) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedException();
      }
      LOG.warn("The outbox waits, will try again: {}", e.toString());
      Thread.sleep(PAUSE_AFTER_OUTAGE);
      return false;
    }
  }

  /** What is late is settled first, so that its keys go on in this round. */
  private Mono<Boolean> settleAndSend() {
    return Mono.defer(() -> settle(inFlight.ended()))
        .then(Mono.defer(() -> rows.claim(room(), inFlight.ids()).collectList()))
        .flatMap(claimed ->
            awaitPrompt(send(claimed))
                .then(Mono.defer(() -> settle(inFlight.ended())))
                .thenReturn(!claimed.isEmpty() && inFlight.ids().isEmpty()));
  }

  private int room() {
    return Math.max(0, Math.min(BATCH, properties.maxInFlight() - inFlight.ids().size()));
  }

  private List<CompletableFuture<Void>> send(List<StoredRecord> claimed) {
    return claimed.stream()
        .map(stored -> {
          CompletableFuture<Void> sent = handOver(stored);
          inFlight.add(stored.id(), sent);
          // Late ones wake the next round, which settles them.
          return sent.whenComplete((_, _) -> wake.release());
        })
        .toList();
  }

  /** On a thread of its own: while no broker answers, handing over blocks for as long. */
  private CompletableFuture<Void> handOver(StoredRecord stored) {
    return CompletableFuture.completedFuture(stored.toSend())
        .thenComposeAsync(sender::send, Thread::startVirtualThread);
  }

  private static Mono<Void> awaitPrompt(List<CompletableFuture<Void>> sent) {
    CompletableFuture<Void> all =
        CompletableFuture.allOf(sent.toArray(CompletableFuture<?>[]::new));
    return Mono.fromFuture(
            all.copy().completeOnTimeout(null, PROMPT.toMillis(), TimeUnit.MILLISECONDS))
        .onErrorComplete();
  }

  /**
   * Deletes what the broker has. It is forgotten here even where the transaction then fails: the
   * rows are still there, so they are sent once more, with the same ids.
   */
  private Mono<Void> settle(List<InFlight.Outcome> ended) {
    if (ended.isEmpty()) {
      return Mono.empty();
    }
    inFlight.forget(ended);
    List<Long> acknowledged =
        ended.stream()
            .filter(InFlight.Outcome.Acknowledged.class::isInstance)
            .map(InFlight.Outcome::id)
            .toList();
    return rows.delete(acknowledged)
        .flatMapMany(operations ->
            Flux.fromIterable(listeners).concatMap(listener -> listener.sent(operations)))
        .thenMany(Flux.fromIterable(ended).concatMap(this::settleUnsent))
        .then();
  }

  private Mono<Void> settleUnsent(InFlight.Outcome outcome) {
    return switch (outcome) {
      case InFlight.Outcome.Acknowledged _ -> Mono.empty();
      case InFlight.Outcome.Failed failed -> {
        LOG.warn("Outbox record {} is not sent yet: {}", failed.id(), failed.reason());
        yield Mono.empty();
      }
      case InFlight.Outcome.Refused refused -> {
        LOG.error("Kafka refuses outbox record {} for good: {}", refused.id(), refused.reason());
        yield rows.refuse(refused.id(), refused.reason(), clock.instant());
      }
    };
  }

  @Override
  public synchronized void stop() {
    running = false;
    if (signals != null) {
      signals.dispose();
    }
    if (thread != null) {
      finish(thread);
    }
  }

  /** What is being sent is also taken out of the outbox, where that is a matter of seconds. */
  private void finish(Thread relaying) {
    wake.release();
    try {
      if (!relaying.join(LAST_ROUND)) {
        relaying.interrupt();
      }
    } catch (InterruptedException _) {
      relaying.interrupt();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
