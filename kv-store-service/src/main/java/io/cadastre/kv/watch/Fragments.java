package io.cadastre.kv.watch;

import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import java.util.List;
import java.util.function.Consumer;

/** Cuts a response into pieces that a client can take. */
final class Fragments {

  /** A field's tag and length: never more for an event. */
  private static final int EVENT_OVERHEAD_BYTES = 6;

  private Fragments() {}

  /** All pieces but the last say that more follow. A single event is never cut. */
  static void cut(WatchResponse whole, int maxBytes, Consumer<WatchResponse> pieces) {
    List<Event> events = whole.getEventsList();
    if (events.size() < 2 || whole.getSerializedSize() < maxBytes) {
      pieces.accept(whole);
      return;
    }
    WatchResponse frame = whole.toBuilder().clearEvents().setFragment(true).build();
    WatchResponse.Builder piece = frame.toBuilder();
    int bytes = frame.getSerializedSize();
    for (Event event : events) {
      int more = event.getSerializedSize() + EVENT_OVERHEAD_BYTES;
      if (piece.getEventsCount() > 0 && bytes + more >= maxBytes) {
        pieces.accept(piece.build());
        piece = frame.toBuilder();
        bytes = frame.getSerializedSize();
      }
      piece.addEvents(event);
      bytes += more;
    }
    pieces.accept(piece.setFragment(false).build());
  }
}
