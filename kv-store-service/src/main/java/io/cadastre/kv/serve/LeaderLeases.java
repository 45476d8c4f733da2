package io.cadastre.kv.serve;

import com.google.protobuf.ByteString;
import io.cadastre.kv.lease.LeaseView;
import io.cadastre.kv.lease.NotLeaderException;
import io.cadastre.kv.raft.Standing;
import io.cadastre.kv.request.EtcdError;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.Supplier;

/** What only the leader knows of leases, asked where it is. */
final class LeaderLeases {

  private final Answers answers;
  private final PeerCalls peers;

  LeaderLeases(Answers answers, PeerCalls peers) {
    this.answers = answers;
    this.peers = peers;
  }

  /** Keeps one alive: its time to live, 0 = there is none. */
  CompletableFuture<Long> renew(long id) {
    return ask(
        () -> renewHere(id), leader -> peers.renew(leader, id).thenApply(it -> it.getTtlSeconds()));
  }

  /** As {@link #renew}, where this member leads: it makes sure of that first. */
  CompletableFuture<Long> renewHere(long id) {
    return answers.proposals().caughtUp().thenCompose(_ -> answers.state().leases().renew(id));
  }

  /** How long one lives. */
  CompletableFuture<Optional<LeaseView>> find(long id) {
    return ask(
        () -> findHere(id),
        leader ->
            peers
                .find(leader, id)
                .thenApply(found ->
                    found.getFound()
                        ? Optional.of(
                            new LeaseView(
                                id,
                                found.getTtlSeconds(),
                                found.getLeftSeconds(),
                                found.getKeysList().stream().<ByteString>map(key -> key).toList()))
                        : Optional.empty()));
  }

  CompletableFuture<Optional<LeaseView>> findHere(long id) {
    return answers.proposals().caughtUp().thenApply(_ -> answers.state().leases().find(id));
  }

  private <T> CompletableFuture<T> ask(
      Supplier<CompletableFuture<T>> here, Function<Long, CompletableFuture<T>> elsewhere) {
    Standing now = answers.self().standing().get();
    if (!now.hasLeader()) {
      return CompletableFuture.failedFuture(EtcdError.NO_LEADER.exception());
    }
    return (now.leading() ? here.get() : elsewhere.apply(now.leader()))
        .exceptionally(failure -> {
          throw asClientsKnowIt(failure);
        });
  }

  /** The one asked no longer leads, or cannot be reached: that is to be tried again. */
  private static RuntimeException asClientsKnowIt(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
    if (cause instanceof NotLeaderException) {
      return EtcdError.LEADER_CHANGED.exception();
    }
    return switch (Status.fromThrowable(cause).getCode()) {
      case UNAVAILABLE, CANCELLED -> EtcdError.LEADER_CHANGED.exception();
      case DEADLINE_EXCEEDED -> EtcdError.TIMEOUT.exception();
      default -> cause instanceof RuntimeException known ? known : new CompletionException(cause);
    };
  }
}
