package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.RangeStreamResponse;
import io.cadastre.kv.apply.RangeChunks;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** One range on its way to a client, piece by piece, as fast as the client takes it. */
final class RangeSending {

  private final Answers answers;
  private final ServerCallStreamObserver<RangeStreamResponse> out;
  private final RangeChunks chunks;
  private final Semaphore changed = new Semaphore(0);

  RangeSending(
      Answers answers, ServerCallStreamObserver<RangeStreamResponse> out, RangeRequest request) {
    this.answers = answers;
    this.out = out;
    chunks = new RangeChunks(request);
    out.setOnReadyHandler(changed::release);
    out.setOnCancelHandler(changed::release);
  }

  /** Sends all of it, unless it failed before it began. */
  void run(@Nullable Throwable failure) {
    if (failure != null) {
      out.onError(Answers.error(failure));
      return;
    }
    try {
      while (chunks.hasNext()) {
        if (!isAwaited()) {
          return;
        }
        out.onNext(RangeStreamResponse.newBuilder().setRangeResponse(next()).build());
      }
      out.onCompleted();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      out.onError(Answers.error(e));
    }
  }

  /** Waits until the client takes more; says whether it is still there. */
  private boolean isAwaited() throws InterruptedException {
    while (!out.isReady() && !out.isCancelled()) {
      changed.acquire();
    }
    return !out.isCancelled();
  }

  private RangeResponse next() {
    RangeResponse chunk = chunks.next(answers.state().store());
    return chunks.hasNext() ? chunk : (RangeResponse) answers.withHeader(chunk);
  }
}
