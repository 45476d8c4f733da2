package io.cadastre.kv.serve;

import io.cadastre.kv.apply.Meter;
import io.cadastre.kv.request.EtcdError;
import io.grpc.Context;
import io.grpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Where answers are read from the store. A small one is, at once, on the thread that asks, which is
 * the network's. One that turns out to be larger begins anew elsewhere, when it is its turn: a few
 * at a time, so that neither other calls nor the heap suffer from who reads everything.
 */
final class Reads {

  private static final int MOST_WAITING = 1_000;

  private final Executor inTurn;
  private final AnswerRoom room;
  private final AtomicInteger waiting = new AtomicInteger();

  Reads(Executor inTurn, AnswerRoom room) {
    this.inTurn = inTurn;
    this.room = room;
  }

  /** With room for a part of the heap. */
  static Reads of(Threads threads) {
    return new Reads(threads.workingInTurn(), AnswerRoom.ofHeap());
  }

  /**
   * Reads.
   *
   * @param call whose answer it is; nothing is read any more when it is over
   * @param reading may be called twice
   */
  <R> CompletableFuture<R> read(Context call, Function<Meter, R> reading) {
    try {
      return CompletableFuture.completedFuture(reading.apply(new Small()));
    } catch (TooLargeException _) {
      return readElsewhere(call, reading);
    }
  }

  private <R> CompletableFuture<R> readElsewhere(Context call, Function<Meter, R> reading) {
    if (waiting.incrementAndGet() > MOST_WAITING) {
      int _ = waiting.decrementAndGet();
      throw EtcdError.TOO_MANY_REQUESTS.exception();
    }
    CompletableFuture<R> answer = new CompletableFuture<>();
    inTurn.execute(() -> {
      int _ = waiting.decrementAndGet();
      try {
        if (call.isCancelled()) {
          throw Status.CANCELLED.asRuntimeException();
        }
        // Who hears of it also turns it into bytes, still in this turn.
        boolean _ = answer.complete(reading.apply(room.share(call)));
      } catch (RuntimeException | Error e) {
        boolean _ = answer.completeExceptionally(e);
      }
    });
    return answer;
  }

  private static final class Small implements Meter {

    private static final int MOST_KEYS = 200;
    private static final int MOST_BYTES = 128 << 10;

    private int keys;
    private long bytes;

    @Override
    public void key() {
      if (++keys > MOST_KEYS) {
        throw new TooLargeException();
      }
    }

    @Override
    public void bytes(long more) {
      bytes += more;
      // One value may be as large as a request; there is nothing to be gained by reading it twice.
      if (bytes > MOST_BYTES && keys > 1) {
        throw new TooLargeException();
      }
    }
  }

  /** Not to be answered on the spot. */
  private static final class TooLargeException extends RuntimeException {

    private static final long serialVersionUID = 1;

    TooLargeException() {
      super(null, null, false, false);
    }
  }
}
