package io.cadastre.kv.serve;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.kv.watch.WatchHub;
import io.cadastre.kv.watch.WatchStream;
import io.grpc.Context;
import io.grpc.Status;
import java.util.ArrayDeque;
import java.util.concurrent.Semaphore;

/** A watch for a thread that waits for what happens next. */
final class FollowedKeys implements AutoCloseable {

  private final Semaphore changed = new Semaphore(0);
  private final WatchStream stream;
  private final ArrayDeque<Event> events = new ArrayDeque<>();
  private final Context call = Context.current();
  private final Context.CancellationListener onCancel = _ -> changed.release();

  FollowedKeys(WatchHub hub, ByteString key, ByteString rangeEnd, long from) {
    stream = hub.open(changed::release);
    call.addListener(onCancel, Runnable::run);
    stream.request(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(key)
                    .setRangeEnd(rangeEnd)
                    .setStartRevision(from))
            .build());
  }

  /** The next change; fails when the client gives up, or there are no more. */
  Event next() {
    while (events.isEmpty()) {
      if (call.isCancelled()) {
        throw Status.CANCELLED.asRuntimeException();
      }
      WatchResponse response = stream.poll();
      if (response != null) {
        if (response.getCanceled()) {
          throw Status.UNAVAILABLE.withDescription("compacted meanwhile").asRuntimeException();
        }
        events.addAll(response.getEventsList());
      } else if (stream.isClosed()) {
        throw Status.UNAVAILABLE.asRuntimeException();
      } else {
        changed.acquireUninterruptibly();
      }
    }
    return events.remove();
  }

  @Override
  public void close() {
    call.removeListener(onCancel);
    stream.close();
  }
}
