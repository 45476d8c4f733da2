package io.cadastre.kv.watch;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.request.EtcdError;
import java.util.function.LongSupplier;

/** What clients ask for, and which of it is refused in etcd's words. */
final class WatchRequests {

  private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[] {0});
  private static final String EMPTY_RANGE = "mvcc: watcher range is empty";
  private static final String DUPLICATE_ID = "mvcc: duplicate watch ID provided on the WatchStream";

  private final Watchers watchers;
  private final Responses responses;
  private final Progress progress;
  private final LongSupplier nanos;

  WatchRequests(Watchers watchers, Responses responses, Progress progress, LongSupplier nanos) {
    this.watchers = watchers;
    this.responses = responses;
    this.progress = progress;
    this.nanos = nanos;
  }

  void handle(WatchStream stream, WatchRequest request) {
    switch (request.getRequestUnionCase()) {
      case CREATE_REQUEST -> create(stream, request.getCreateRequest());
      case CANCEL_REQUEST -> cancel(stream, request.getCancelRequest().getWatchId());
      case PROGRESS_REQUEST -> progress.answer(stream);
      case REQUESTUNION_NOT_SET -> {}
    }
  }

  void refuse(WatchStream stream, String reason) {
    stream.offer(responses.refusal(watchers.told(), reason));
  }

  private void create(WatchStream stream, WatchCreateRequest request) {
    KeyRange range = range(request);
    long asked = request.getWatchId();
    if (request.getStartRevision() < 0) {
      refuse(stream, EtcdError.COMPACTED.text());
    } else if (range.isEmpty()) {
      refuse(stream, EMPTY_RANGE);
    } else if (asked != 0 && stream.watchers().containsKey(asked)) {
      refuse(stream, DUPLICATE_ID);
    } else {
      long id = asked == 0 ? stream.freeId() : asked;
      stream.offer(responses.created(watchers.told(), id));
      long start = request.getStartRevision();
      long next = start == 0 ? watchers.told() + 1 : start;
      Watcher watcher = new Watcher(stream, id, range, request, next);
      watchers.add(watcher);
      progress.added(watcher, nanos.getAsLong());
    }
  }

  /** An empty key stands for the first there can be. */
  private static KeyRange range(WatchCreateRequest request) {
    ByteString key = request.getKey().isEmpty() ? FIRST_KEY : request.getKey();
    return KeyRange.of(key, request.getRangeEnd());
  }

  private void cancel(WatchStream stream, long id) {
    Watcher watcher = stream.watchers().get(id);
    if (watcher != null) {
      watchers.remove(watcher);
      stream.offer(responses.cancelled(watchers.told(), id));
    }
  }
}
