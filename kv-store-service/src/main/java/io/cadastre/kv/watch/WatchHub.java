package io.cadastre.kv.watch;

import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.kv.engine.EngineException;
import io.cadastre.kv.engine.StorageEngine.ClosedException;
import io.cadastre.kv.mvcc.CompactedException;
import io.cadastre.kv.mvcc.HistoryPage;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.Transaction;
import io.cadastre.kv.watch.Watcher.State;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
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

  private static final Logger LOG = System.getLogger(WatchHub.class.getName());

  private final Supplier<MvccStore> store;
  private final LongFunction<ResponseHeader> headers;
  private final WatchLimits limits;
  private final LongSupplier nanos;

  private final Queue<Runnable> commands = new ConcurrentLinkedQueue<>();
  private final Recent recent;
  private final AtomicLong readyBytes = new AtomicLong();
  private volatile Thread worker = Thread.currentThread();
  private volatile boolean isIdle;
  private volatile boolean closed;

  /** The hub's thread's alone from here on. */
  private final Set<WatchStream> streams = new LinkedHashSet<>();

  private final WatcherIndex synced = new WatcherIndex();
  private final LinkedHashSet<Watcher> behind = new LinkedHashSet<>();
  private final ProgressTicks ticks;

  /** Synced watchers were told everything up to here. */
  private long told;

  private volatile WatchCounts counts = new WatchCounts(0, 0, 0);
  private int watcherCount;
  private int slowCount;

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
    this.headers = headers;
    this.limits = limits;
    this.nanos = nanos;
    this.recent = new Recent(limits.recentBytes());
    this.ticks = new ProgressTicks(limits.progressInterval());
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
    return counts;
  }

  /** Works until it is closed. */
  public void run() {
    worker = Thread.currentThread();
    try {
      while (!closed) {
        if (!step()) {
          isIdle = true;
          if (!step() && !closed) {
            LockSupport.parkNanos(this, ticks.nanosLeft(nanos.getAsLong()));
          }
          isIdle = false;
        }
      }
    } finally {
      closed = true;
      streams.forEach(WatchStream::end);
    }
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

  void handle(WatchStream stream, WatchRequest request) {
    post(() -> {
      switch (request.getRequestUnionCase()) {
        case CREATE_REQUEST -> WatchCreation.create(this, stream, request.getCreateRequest());
        case CANCEL_REQUEST -> cancel(stream, request.getCancelRequest().getWatchId());
        case PROGRESS_REQUEST -> progress(stream);
        case REQUESTUNION_NOT_SET -> {}
      }
      stream.handled();
    });
  }

  void refuse(WatchStream stream, String reason) {
    post(() -> {
      stream.offer(WatchCreation.refusal(headers.apply(told), reason));
      stream.handled();
    });
  }

  void closed(WatchStream stream) {
    post(() -> {
      List.copyOf(stream.watchers().values()).forEach(this::remove);
      streams.remove(stream);
      while (stream.poll() != null) {
        // Nobody will take them; they count no longer.
      }
      if (streams.isEmpty()) {
        recent.stopWatching();
      }
      count();
    });
  }

  void roomIn(WatchStream stream) {
    post(() -> release(stream));
  }

  boolean isRoomy(long bytesLeft) {
    return bytesLeft == 0 || bytesLeft < limits.streamBytes() / 2;
  }

  void added(long bytes) {
    readyBytes.addAndGet(bytes);
  }

  void taken(long bytes) {
    readyBytes.addAndGet(-bytes);
  }

  /** Does some work; says whether there was any. */
  boolean step() {
    Runnable command = commands.poll();
    boolean worked = command != null;
    // A request sees everything that was committed before it was made.
    while (tellRecent()) {
      worked = true;
    }
    if (command != null) {
      command.run();
    }
    worked |= catchUp();
    ticks.due(nanos.getAsLong()).forEach(this::tick);
    return worked;
  }

  private void opened(WatchStream stream) {
    if (streams.isEmpty()) {
      recent.watch();
      told = store.get().revision();
    }
    streams.add(stream);
    count();
  }

  long told() {
    return told;
  }

  ResponseHeader header(long revision) {
    return headers.apply(revision);
  }

  /** Takes up a watcher; what lies before it was told already, it reads from the history. */
  void add(Watcher watcher) {
    watcher.stream().watchers().put(watcher.id(), watcher);
    watcherCount++;
    if (watcher.next() > told) {
      sync(watcher);
    } else {
      watcher.become(State.BEHIND);
      behind.add(watcher);
    }
    if (watcher.wantsProgress()) {
      ticks.add(watcher.stream(), nanos.getAsLong());
    }
    count();
  }

  private void sync(Watcher watcher) {
    watcher.become(State.SYNCED);
    synced.add(watcher);
  }

  private void cancel(WatchStream stream, long id) {
    Watcher watcher = stream.watchers().get(id);
    if (watcher != null) {
      remove(watcher);
      stream.offer(
          WatchResponse.newBuilder()
              .setHeader(headers.apply(told))
              .setWatchId(id)
              .setCanceled(true)
              .build());
    }
  }

  private void remove(Watcher watcher) {
    leaveGroup(watcher);
    watcher.stream().watchers().remove(watcher.id());
    watcherCount--;
    count();
  }

  private void leaveGroup(Watcher watcher) {
    switch (watcher.state()) {
      case SYNCED -> {
        synced.remove(watcher);
        watcher.advanceTo(told + 1);
      }
      case BEHIND -> behind.remove(watcher);
      case WAITING_FOR_ROOM -> {
        watcher.stream().waiting().remove(watcher);
        slowCount--;
      }
    }
  }

  private boolean tellRecent() {
    Recent.Taken taken = recent.take(limits.pageBytes());
    if (taken.gap()) {
      fallBehind();
      return true;
    }
    List<Transaction> news =
        taken.transactions().stream().filter(each -> each.revision() > told).toList();
    if (!news.isEmpty()) {
      long upTo = news.getLast().revision();
      Map<Watcher, List<Event>> sorted;
      try {
        sorted = Delivery.sort(news, synced, store.get());
      } catch (ClosedException | EngineException _) {
        // The history has it, too, and where the state was replaced the new one can be read.
        fallBehind();
        return true;
      }
      sorted.forEach((watcher, events) -> {
        if (!tell(watcher, events, upTo)) {
          waitForRoom(watcher);
        }
      });
      told = upTo;
    }
    return !taken.transactions().isEmpty();
  }

  private void fallBehind() {
    for (WatchStream stream : streams) {
      for (Watcher watcher : stream.watchers().values()) {
        if (watcher.state() == State.SYNCED) {
          leaveGroup(watcher);
          watcher.become(State.BEHIND);
          behind.add(watcher);
        }
      }
    }
    told = store.get().revision();
  }

  /** Serves the watcher that waits longest with a page of history, and all others it is for. */
  private boolean catchUp() {
    if (behind.isEmpty()) {
      return false;
    }
    Watcher first = behind.getFirst();
    try {
      catchUp(first, store.get());
    } catch (CompactedException e) {
      cancelCompacted(first, e.compactRevision());
    } catch (EngineException e) {
      LOG.log(Level.ERROR, "cannot read the history for a watcher", e);
      cancelUnreadable(first, e);
    } catch (ClosedException _) {
      // The state was replaced: the next step reads the new one.
    }
    return true;
  }

  private void catchUp(Watcher first, MvccStore current) {
    HistoryPage page = current.history(first.next(), limits.pageBytes());
    List<Watcher> served = new ArrayList<>();
    WatcherIndex index = new WatcherIndex();
    for (Watcher watcher : behind) {
      if (watcher == first || (watcher.next() >= first.next() && watcher.next() <= page.upTo())) {
        served.add(watcher);
        index.add(watcher);
      }
    }
    Map<Watcher, List<Event>> events = Delivery.sort(page.transactions(), index, current);
    served.forEach(watcher -> serve(watcher, events.getOrDefault(watcher, List.of()), page.upTo()));
  }

  private void serve(Watcher watcher, List<Event> events, long upTo) {
    if (!events.isEmpty() && !tell(watcher, events, upTo)) {
      waitForRoom(watcher);
      return;
    }
    watcher.advanceTo(upTo + 1);
    behind.remove(watcher);
    if (watcher.next() > told) {
      sync(watcher);
    } else {
      behind.add(watcher);
    }
  }

  private boolean tell(Watcher watcher, List<Event> events, long upTo) {
    WatchStream stream = watcher.stream();
    if (!hasRoom(stream)) {
      return false;
    }
    WatchResponse whole =
        WatchResponse.newBuilder()
            .setHeader(headers.apply(upTo))
            .setWatchId(watcher.id())
            .addAllEvents(events)
            .build();
    if (watcher.takesFragments()) {
      Fragments.cut(whole, limits.fragmentBytes(), stream::offer);
    } else {
      stream.offer(whole);
    }
    watcher.told();
    watcher.advanceTo(upTo + 1);
    return true;
  }

  private boolean hasRoom(WatchStream stream) {
    long lying = stream.readyBytes();
    return lying == 0 || (lying < limits.streamBytes() && readyBytes.get() < limits.totalBytes());
  }

  private void waitForRoom(Watcher watcher) {
    leaveGroup(watcher);
    watcher.become(State.WAITING_FOR_ROOM);
    WatchStream stream = watcher.stream();
    stream.waiting().add(watcher);
    slowCount++;
    stream.starve();
    // The client may have taken the last response just before it was marked.
    if (hasRoom(stream)) {
      release(stream);
    }
    count();
  }

  private void release(WatchStream stream) {
    for (Watcher watcher : List.copyOf(stream.waiting())) {
      leaveGroup(watcher);
      watcher.become(State.BEHIND);
      behind.add(watcher);
    }
    count();
  }

  private void cancelCompacted(Watcher watcher, long compactRevision) {
    remove(watcher);
    watcher.stream()
        .offer(
            WatchResponse.newBuilder()
                .setHeader(headers.apply(told))
                .setWatchId(watcher.id())
                .setCanceled(true)
                .setCompactRevision(compactRevision)
                .build());
  }

  private void cancelUnreadable(Watcher watcher, EngineException damage) {
    remove(watcher);
    watcher.stream()
        .offer(
            WatchResponse.newBuilder()
                .setHeader(headers.apply(told))
                .setWatchId(watcher.id())
                .setCanceled(true)
                .setCancelReason("this member's store: " + damage.getMessage())
                .build());
  }

  /** Answers only when no watch of the stream has events to come: else the client asks again. */
  private void progress(WatchStream stream) {
    if (stream.watchers().values().stream().allMatch(this::isUpToDate)) {
      stream.offer(
          WatchResponse.newBuilder()
              .setHeader(headers.apply(told))
              .setWatchId(WatchCreation.NO_WATCH)
              .build());
    }
  }

  private boolean isUpToDate(Watcher watcher) {
    return watcher.state() == State.SYNCED && watcher.startRevision() <= told;
  }

  private void tick(WatchStream stream) {
    boolean anybody = false;
    for (Watcher watcher : stream.watchers().values()) {
      if (watcher.wantsProgress()) {
        anybody = true;
        if (!watcher.takeTold() && isUpToDate(watcher) && hasRoom(stream)) {
          stream.offer(
              WatchResponse.newBuilder()
                  .setHeader(headers.apply(told))
                  .setWatchId(watcher.id())
                  .build());
        }
      }
    }
    if (anybody) {
      ticks.add(stream, nanos.getAsLong());
    }
  }

  private void count() {
    counts = new WatchCounts(streams.size(), watcherCount, slowCount);
  }
}
