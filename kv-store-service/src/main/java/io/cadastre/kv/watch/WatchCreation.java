package io.cadastre.kv.watch;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.request.EtcdError;

/** Requests to watch: what they mean, and which are refused in etcd's words. */
final class WatchCreation {

  /** The id in responses that are about no watch, or about all of a stream. */
  static final long NO_WATCH = -1;

  private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[] {0});
  private static final String EMPTY_RANGE = "mvcc: watcher range is empty";
  private static final String DUPLICATE_ID = "mvcc: duplicate watch ID provided on the WatchStream";

  private WatchCreation() {}

  static void create(WatchHub hub, WatchStream stream, WatchCreateRequest request) {
    KeyRange range = range(request);
    long asked = request.getWatchId();
    if (request.getStartRevision() < 0) {
      stream.offer(refusal(hub.header(hub.told()), EtcdError.COMPACTED.text()));
    } else if (range.isEmpty()) {
      stream.offer(refusal(hub.header(hub.told()), EMPTY_RANGE));
    } else if (asked != 0 && stream.watchers().containsKey(asked)) {
      stream.offer(refusal(hub.header(hub.told()), DUPLICATE_ID));
    } else {
      long id = asked == 0 ? stream.freeId() : asked;
      stream.offer(
          WatchResponse.newBuilder()
              .setHeader(hub.header(hub.told()))
              .setWatchId(id)
              .setCreated(true)
              .build());
      long start = request.getStartRevision();
      hub.add(new Watcher(stream, id, range, request, start == 0 ? hub.told() + 1 : start));
    }
  }

  /** An empty key stands for the first there can be. */
  private static KeyRange range(WatchCreateRequest request) {
    ByteString key = request.getKey().isEmpty() ? FIRST_KEY : request.getKey();
    return KeyRange.of(key, request.getRangeEnd());
  }

  static WatchResponse refusal(ResponseHeader header, String reason) {
    return WatchResponse.newBuilder()
        .setHeader(header)
        .setWatchId(NO_WATCH)
        .setCreated(true)
        .setCanceled(true)
        .setCancelReason(reason)
        .build();
  }
}
