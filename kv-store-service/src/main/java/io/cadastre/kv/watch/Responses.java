package io.cadastre.kv.watch;

import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.kv.engine.EngineException;
import java.util.List;
import java.util.function.LongFunction;

/** What a client is told, at a revision. */
record Responses(LongFunction<ResponseHeader> headers) {

  /** The id in responses that are about no watch, or about all of a stream. */
  static final long NO_WATCH = -1;

  WatchResponse created(long revision, long id) {
    return about(revision, id).setCreated(true).build();
  }

  WatchResponse refusal(long revision, String reason) {
    return about(revision, NO_WATCH)
        .setCreated(true)
        .setCanceled(true)
        .setCancelReason(reason)
        .build();
  }

  WatchResponse cancelled(long revision, long id) {
    return about(revision, id).setCanceled(true).build();
  }

  WatchResponse compacted(long revision, long id, long compactRevision) {
    return about(revision, id).setCanceled(true).setCompactRevision(compactRevision).build();
  }

  WatchResponse unreadable(long revision, long id, EngineException damage) {
    return about(revision, id)
        .setCanceled(true)
        .setCancelReason("this member's store: " + damage.getMessage())
        .build();
  }

  /** Nothing happened up to this revision but what was told. */
  WatchResponse progress(long revision, long id) {
    return about(revision, id).build();
  }

  WatchResponse events(long revision, long id, List<Event> events) {
    return about(revision, id).addAllEvents(events).build();
  }

  private WatchResponse.Builder about(long revision, long id) {
    return WatchResponse.newBuilder().setHeader(headers.apply(revision)).setWatchId(id);
  }
}
