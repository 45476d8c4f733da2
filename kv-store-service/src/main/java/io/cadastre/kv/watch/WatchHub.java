package io.cadastre.kv.watch;

import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.Transaction;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Tells watchers what changed.
 *
 * <p>One thread does it. The thread that applies hands it the transactions and never waits. A
 * watcher that keeps up is <em>synced</em> and hears of transactions as they come; any other reads
 * the history, a page at a time and in turn, until it has caught up. A watcher whose client does
 * not read waits at its place in the history, so that it takes no memory but what lies ready in its
 * stream.
 */
public final class WatchHub implements AutoCloseable {

  private final Supplier<MvccStore> store;
  private final LongSupplier nanos;
  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final Recent recent;
  private final Room room;
  private volatile Thread worker = Thread.currentThread();
  private volatile boolean isIdle;
  private volatile boolean closed;

  /** The hub's thread's alone from here on. */
  private final Watchers watchers;

  private final Telling telling;
  private final Progress progress;
  private final WatchRequests requests;

  /**
   * Makes a hub; somebody has to {@link #run} it.
   *
   * @param store the one in use; it may be replaced, see {@link #reset}
   * @param headers a response header for a revision
   * @param nanos a clock that never goes back
   */
  public WatchHub(
      Supplier<MvccStore> store,
      LongFunction<ResponseHeader> headers,
      WatchLimits limits,
      LongSupplier nanos) {
    this.store = store;
    this.nanos = nanos;
    Responses responses = new Responses(headers);
    recent = new Recent(limits.recentBytes());
    room = new Room(limits);
    watchers = new Watchers(room);
    telling = new Telling(store, watchers, responses, room, limits);
    progress = new Progress(watchers, responses, room, limits);
    requests = new WatchRequests(watchers, responses, progress, nanos);
  }

  /** Hands over what was committed. Call it after each commit, before the clients are answered. */
  public void publish(List<Transaction> committed) {
    if (!committed.isEmpty() && recent.add(committed)) {
      wake();
    }
  }

  /** Says that the store was replaced by one that is further: everybody reads the history. */
  public void reset() {
    recent.forget();
    wake();
  }

  /**
   * Opens a stream.
   *
   * @param onResponses called, by the hub's thread, when responses lie ready; must not block
   */
  public WatchStream open(Runnable onResponses) {
    WatchStream stream = new WatchStream(this, onResponses);
    post(() -> opened(stream));
    return stream;
  }

  /** How much is watched. */
  public WatchCounts counts() {
    return watchers.counts();
  }

  /** Works until it is closed. */
  public void run() {
    worker = Thread.currentThread();
    try {
      while (!closed) {
        if (!step()) {
          isIdle = true;
          if (!step() && !closed) {
            LockSupport.parkNanos(this, progress.nanosLeft(nanos.getAsLong()));
          }
          isIdle = false;
        }
      }
    } finally {
      closed = true;
      watchers.streams().forEach(WatchStream::end);
    }
  }

  /** Does some work; says whether there was any. */
  boolean step() {
    Runnable command = commands.poll();
    boolean worked = command != null;
    // A request sees everything that was committed before it was made.
    while (telling.tellRecent(recent)) {
      worked = true;
    }
    if (command != null) {
      command.run();
    }
    worked |= telling.catchUp();
    progress.tick(nanos.getAsLong());
    return worked;
  }

  @Override
  public void close() {
    closed = true;
    wake();
  }

  private void wake() {
    if (isIdle) {
      LockSupport.unpark(worker);
    }
  }

  private void post(Runnable command) {
    commands.add(command);
    wake();
  }

  private void opened(WatchStream stream) {
    if (watchers.streams().isEmpty()) {
      recent.watch();
      watchers.toldUpTo(store.get().revision());
    }
    watchers.opened(stream);
  }

  void handle(WatchStream stream, WatchRequest request) {
    post(() -> {
      requests.handle(stream, request);
      stream.handled();
    });
  }

  void refuse(WatchStream stream, String reason) {
    post(() -> {
      requests.refuse(stream, reason);
      stream.handled();
    });
  }

  void closed(WatchStream stream) {
    post(() -> {
      watchers.closed(stream);
      while (stream.poll() != null) {
        // Nobody will take them; they count no longer.
      }
      if (watchers.streams().isEmpty()) {
        recent.stopWatching();
      }
    });
  }

  Room room() {
    return room;
  }

  void roomIn(WatchStream stream) {
    post(() -> watchers.release(stream));
  }
}
