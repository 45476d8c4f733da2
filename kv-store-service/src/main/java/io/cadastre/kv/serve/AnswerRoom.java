package io.cadastre.kv.serve;

import io.cadastre.kv.apply.Meter;
import io.cadastre.kv.request.EtcdError;
import io.grpc.Context;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What the answers that are not sent yet may take of the heap together. A client that asks for
 * everything at once is refused before the member is short of memory; it can ask for pages, or for
 * a stream.
 */
final class AnswerRoom {

  private static final long PART_OF_HEAP = 4;

  /** Ordinary answers are not counted, and large ones in steps of this. */
  private static final long STEP = 64 << 10;

  private final long most;
  private final AtomicLong taken = new AtomicLong();

  AnswerRoom(long most) {
    this.most = most;
  }

  static AnswerRoom ofHeap() {
    // A message of the protocol cannot be longer than an int can say.
    return new AnswerRoom(
        Math.min(Integer.MAX_VALUE, Runtime.getRuntime().maxMemory() / PART_OF_HEAP));
  }

  Share share(Context call) {
    return new Share(call);
  }

  /** One answer's. It is given back when its call is over, that is when the client has it. */
  final class Share implements Meter, Context.CancellationListener {

    private final Context call;
    private long needed;
    private long reserved;
    private boolean over;

    private Share(Context call) {
      this.call = call;
    }

    @Override
    public void key() {
      if (call.isCancelled()) {
        throw Status.CANCELLED.asRuntimeException();
      }
    }

    @Override
    public void bytes(long bytes) {
      needed += bytes;
      if (needed > reserved + STEP) {
        reserve(needed - reserved);
      }
    }

    private synchronized void reserve(long bytes) {
      if (over) {
        throw Status.CANCELLED.asRuntimeException();
      }
      boolean first = reserved == 0;
      reserved += bytes;
      long all = taken.addAndGet(bytes);
      if (first) {
        call.addListener(this, Runnable::run);
      }
      if (needed > most) {
        throw Status.RESOURCE_EXHAUSTED
            .withDescription(
                "an answer of %d bytes and more (allowed: %d; ask for less at a time, or a stream)"
                    .formatted(needed, most))
            .asRuntimeException();
      }
      if (all > most) {
        throw EtcdError.TOO_MANY_REQUESTS.exception();
      }
    }

    @Override
    public synchronized void cancelled(Context context) {
      over = true;
      long _ = taken.addAndGet(-reserved);
    }
  }
}
