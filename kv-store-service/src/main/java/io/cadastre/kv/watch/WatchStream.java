package io.cadastre.kv.watch;

import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.contracts.kv.WatchResponse;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The watches of one client's stream, and the responses that lie ready for it.
 *
 * <p>Requests may come from any thread; one at a time takes responses.
 */
public final class WatchStream implements AutoCloseable {

  private static final int MOST_OPEN_REQUESTS = 64;

  private final WatchHub hub;
  private final Runnable onResponses;
  private final Queue<WatchResponse> ready = new ConcurrentLinkedQueue<>();
  private final AtomicLong readyBytes = new AtomicLong();

  /** Requests not handled and responses not taken. */
  private final AtomicInteger open = new AtomicInteger();

  private volatile boolean starved;
  private volatile boolean closed;

  /** The hub's alone. */
  private final Map<Long, Watcher> watchers = new HashMap<>();

  private final Set<Watcher> waiting = new LinkedHashSet<>();
  private long nextId;
  private long nextTick;
  private boolean ticking;

  WatchStream(WatchHub hub, Runnable onResponses) {
    this.hub = hub;
    this.onResponses = onResponses;
  }

  /** Hands over what the client asks for; it is answered in order. */
  public void request(WatchRequest request) {
    open.incrementAndGet();
    hub.handle(this, request);
  }

  /** Answers a request to watch with a refusal, in its turn. */
  public void refuse(String reason) {
    open.incrementAndGet();
    hub.refuse(this, reason);
  }

  /** Whether the client may ask for more: not while it leaves answers lying. */
  public boolean takesRequests() {
    return open.get() < MOST_OPEN_REQUESTS;
  }

  /** The next response for the client; null = none now. */
  public @Nullable WatchResponse poll() {
    WatchResponse response = ready.poll();
    if (response != null) {
      open.decrementAndGet();
      long left = readyBytes.addAndGet(-response.getSerializedSize());
      hub.room().taken(response.getSerializedSize());
      if (starved && hub.room().isEnough(left)) {
        starved = false;
        hub.roomIn(this);
      }
    }
    return response;
  }

  /** Whether nothing more will come. */
  public boolean isClosed() {
    return closed;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      hub.closed(this);
    }
  }

  void handled() {
    open.decrementAndGet();
    onResponses.run();
  }

  void offer(WatchResponse response) {
    if (closed) {
      return;
    }
    open.incrementAndGet();
    readyBytes.addAndGet(response.getSerializedSize());
    hub.room().added(response.getSerializedSize());
    ready.add(response);
    onResponses.run();
  }

  /** Ends the stream from this side. */
  void end() {
    closed = true;
    onResponses.run();
  }

  long readyBytes() {
    return readyBytes.get();
  }

  void starve() {
    starved = true;
  }

  Map<Long, Watcher> watchers() {
    return watchers;
  }

  Set<Watcher> waiting() {
    return waiting;
  }

  /** An id that no watch of the stream has. */
  long freeId() {
    while (watchers.containsKey(nextId)) {
      nextId++;
    }
    return nextId++;
  }

  long nextTick() {
    return nextTick;
  }

  boolean isTicking() {
    return ticking;
  }

  void tickAt(long nanos) {
    nextTick = nanos;
    ticking = true;
  }

  void tickDone() {
    ticking = false;
  }
}
