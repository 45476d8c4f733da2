package io.cadastre.gateway.outbox;

import io.cadastre.messaging.OutageException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Records handed to Kafka whose end is not in the database yet. While Kafka is down they stay here,
 * so that they are handed over once and not again and again; their locks are given back meanwhile.
 */
final class InFlight {

  /** How sending ended. */
  sealed interface Outcome {

    long id();

    /** The broker has it. */
    record Acknowledged(long id) implements Outcome {}

    /** To be sent again. */
    record Failed(long id, String reason) implements Outcome {}

    /** The broker will never take it. */
    record Refused(long id, String reason) implements Outcome {}
  }

  private final Map<Long, CompletableFuture<Void>> sending = new ConcurrentHashMap<>();

  void add(long id, CompletableFuture<Void> sent) {
    sending.put(id, sent);
  }

  Set<Long> ids() {
    return Set.copyOf(sending.keySet());
  }

  /** Those that ended; they stay until {@link #forget}. */
  List<Outcome> ended() {
    List<Outcome> ended = new ArrayList<>();
    sending.forEach((id, sent) -> {
      if (sent.isDone()) {
        ended.add(outcome(id, sent.handle((_, failure) -> failure).join()));
      }
    });
    return ended;
  }

  private static Outcome outcome(long id, @Nullable Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case null -> new Outcome.Acknowledged(id);
      case OutageException outage -> new Outcome.Failed(id, String.valueOf(outage.getMessage()));
      default -> new Outcome.Refused(id, cause.toString());
    };
  }

  void forget(List<Outcome> settled) {
    settled.forEach(outcome -> sending.remove(outcome.id()));
  }
}
