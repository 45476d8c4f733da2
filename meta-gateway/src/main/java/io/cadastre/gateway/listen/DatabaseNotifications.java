package io.cadastre.gateway.listen;

import io.r2dbc.postgresql.api.PostgresqlConnection;
import io.r2dbc.spi.ConnectionFactory;
import io.r2dbc.spi.ValidationDepth;
import io.r2dbc.spi.Wrapped;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.util.retry.Retry;

/**
 * Listens on one connection of its own, beside the pool, and opens it again whenever it breaks. A
 * connection that dies without a word is found by asking it now and then.
 */
@Component
public final class DatabaseNotifications implements SmartLifecycle {

  private static final Logger LOG = LoggerFactory.getLogger(DatabaseNotifications.class);
  private static final Duration PROBE_INTERVAL = Duration.ofSeconds(10);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration RECONNECT_AFTER_MIN = Duration.ofMillis(100);
  private static final Duration RECONNECT_AFTER_MAX = Duration.ofSeconds(3);

  /** Before everything that waits for signals, after it when the gateway stops. */
  private static final int PHASE = 0;

  private final ConnectionFactory connections;
  private final Sinks.Many<Signal> signals = Sinks.many().multicast().directBestEffort();
  private @Nullable Disposable listening;

  DatabaseNotifications(ConnectionFactory pool) {
    connections = unpooled(pool);
  }

  /**
   * Everything heard from now on. A subscriber that does not keep up misses signals, so it asks for
   * them without bound and puts them aside where it needs time.
   */
  public Flux<Signal> signals() {
    return signals.asFlux();
  }

  @Override
  public synchronized void start() {
    listening =
        Flux.usingWhen(
                Mono.from(connections.create()).cast(PostgresqlConnection.class).timeout(PATIENCE),
                DatabaseNotifications::listen,
                DatabaseNotifications::close)
            .concatWith(Mono.error(() -> new IllegalStateException("connection closed")))
            .retryWhen(
                Retry.backoff(Long.MAX_VALUE, RECONNECT_AFTER_MIN)
                    .maxBackoff(RECONNECT_AFTER_MAX)
                    .transientErrors(true)
                    .doBeforeRetry(retry ->
                        LOG.warn(
                            "Not listening to the database, will connect again: {}",
                            retry.failure().toString())))
            .subscribe(signals::tryEmitNext);
  }

  private static Flux<Signal> listen(PostgresqlConnection connection) {
    String listen =
        Arrays.stream(Channel.values())
            .map(channel -> "LISTEN " + channel.sqlName())
            .collect(Collectors.joining("; "));
    Mono<Signal> connected =
        connection
            .createStatement(listen)
            .execute()
            .flatMap(result -> result.getRowsUpdated())
            .then(
                Mono.fromSupplier(() -> {
                  LOG.info("Listening to the database");
                  return new Signal.Connected();
                }));
    Flux<Signal> notified =
        connection
            .getNotifications()
            .map(notification ->
                new Signal.Notified(
                    Channel.ofSqlName(notification.getName()),
                    String.valueOf(notification.getParameter())));
    Flux<Signal> probed =
        Flux.interval(PROBE_INTERVAL)
            .onBackpressureDrop()
            .concatMap(_ -> connection.validate(ValidationDepth.REMOTE).timeout(PATIENCE))
            .concatMap(alive ->
                alive
                    ? Mono.<Signal>empty()
                    : Mono.error(new IllegalStateException("connection does not answer")));
    // Notifications are subscribed to before LISTEN is sent, so that none falls in between.
    Flux<Signal> closed =
        notified.concatWith(Mono.error(() -> new IllegalStateException("closed by the server")));
    return Flux.merge(closed, connected, probed);
  }

  private static Mono<Void> close(PostgresqlConnection connection) {
    return connection.close().timeout(PATIENCE).onErrorComplete();
  }

  private static ConnectionFactory unpooled(ConnectionFactory factory) {
    return factory instanceof Wrapped<?> wrapped
            && wrapped.unwrap() instanceof ConnectionFactory inner
        ? unpooled(inner)
        : factory;
  }

  @Override
  public synchronized void stop() {
    if (listening != null) {
      listening.dispose();
      listening = null;
    }
  }

  @Override
  public synchronized boolean isRunning() {
    return listening != null;
  }

  @Override
  public int getPhase() {
    return PHASE;
  }
}
