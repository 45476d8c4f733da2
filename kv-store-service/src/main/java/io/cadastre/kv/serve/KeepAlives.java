package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.LeaseKeepAliveRequest;
import io.cadastre.contracts.kv.LeaseKeepAliveResponse;
import io.cadastre.contracts.kv.ResponseHeader;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * One client's stream of leases to keep alive; it is answered in the order in which it asks. Of a
 * client that does not read, no more is taken than lies ready for it already.
 */
final class KeepAlives implements StreamObserver<LeaseKeepAliveRequest> {

  private static final int MOST_UNDER_WAY = 64;

  private final ServerCallStreamObserver<LeaseKeepAliveResponse> out;
  private final Supplier<ResponseHeader> header;
  private final LongFunction<CompletableFuture<Long>> renew;
  private CompletableFuture<?> before = CompletableFuture.completedFuture(null);
  private int answered;
  private volatile boolean ended;

  /**
   * Makes it.
   *
   * @param renew gives a lease's time to live
   */
  KeepAlives(
      ServerCallStreamObserver<LeaseKeepAliveResponse> out,
      Supplier<ResponseHeader> header,
      LongFunction<CompletableFuture<Long>> renew) {
    this.out = out;
    this.header = header;
    this.renew = renew;
  }

  void begin() {
    out.disableAutoRequest();
    out.setOnReadyHandler(this::take);
    out.setOnCancelHandler(() -> ended = true);
    out.request(MOST_UNDER_WAY);
  }

  /** Asks for as many as were answered, when the client has taken the answers. */
  private synchronized void take() {
    if (answered > 0 && out.isReady()) {
      int more = answered;
      answered = 0;
      out.request(more);
    }
  }

  @Override
  public void onNext(LeaseKeepAliveRequest request) {
    // As it is before the renewal.
    ResponseHeader now = header.get();
    CompletableFuture<Long> renewal = renew.apply(request.getID());
    before =
        before
            .thenCombine(renewal, (_, ttl) -> ttl)
            .whenComplete((ttl, failure) -> {
              if (ended) {
                return;
              }
              if (failure == null) {
                answer(now, request.getID(), ttl);
              } else {
                ended = true;
                out.onError(Answers.error(failure));
              }
            });
  }

  private void answer(ResponseHeader now, long id, long ttl) {
    out.onNext(LeaseKeepAliveResponse.newBuilder().setHeader(now).setID(id).setTTL(ttl).build());
    synchronized (this) {
      answered++;
    }
    take();
  }

  @Override
  public void onError(Throwable failure) {
    ended = true;
  }

  @Override
  public void onCompleted() {
    CompletableFuture<?> _ =
        before.thenRun(() -> {
          if (!ended) {
            out.onCompleted();
          }
        });
  }
}
