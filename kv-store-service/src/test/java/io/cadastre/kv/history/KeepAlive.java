package io.cadastre.kv.history;

import io.cadastre.contracts.kv.LeaseGrpc;
import io.cadastre.contracts.kv.LeaseKeepAliveRequest;
import io.cadastre.contracts.kv.LeaseKeepAliveResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;

/** Keeps leases alive, once, on a stream of its own. */
final class KeepAlive implements StreamObserver<LeaseKeepAliveResponse> {

  private final List<Long> ttls = new ArrayList<>();
  private final CompletableFuture<List<Long>> answer = new CompletableFuture<>();

  private KeepAlive() {}

  /** The time to live of each in seconds, 0 = there is none. */
  static CompletableFuture<List<Long>> ask(
      ManagedChannel channel, LongStream ids, Duration patience) {
    KeepAlive answers = new KeepAlive();
    StreamObserver<LeaseKeepAliveRequest> requests =
        LeaseGrpc.newStub(channel)
            .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS)
            .leaseKeepAlive(answers);
    ids.forEach(id -> requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build()));
    requests.onCompleted();
    return answers.answer;
  }

  @Override
  public void onNext(LeaseKeepAliveResponse response) {
    ttls.add(response.getTTL());
  }

  @Override
  public void onError(Throwable failure) {
    boolean _ = answer.completeExceptionally(failure);
  }

  @Override
  public void onCompleted() {
    boolean _ = answer.complete(ttls);
  }
}
