package io.cadastre.kv.watch;

import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.kv.engine.EngineException;
import io.cadastre.kv.engine.StorageEngine.ClosedException;
import io.cadastre.kv.mvcc.CompactedException;
import io.cadastre.kv.mvcc.HistoryPage;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.Transaction;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Brings events to watchers: as they happen, or from the history. */
final class Telling {

  private static final Logger LOG = System.getLogger(Telling.class.getName());

  private final Supplier<MvccStore> store;
  private final Watchers watchers;
  private final Responses responses;
  private final Room room;
  private final WatchLimits limits;

  Telling(
      Supplier<MvccStore> store,
      Watchers watchers,
      Responses responses,
      Room room,
      WatchLimits limits) {
    this.store = store;
    this.watchers = watchers;
    this.responses = responses;
    this.room = room;
    this.limits = limits;
  }

  /** Tells those that keep up; says whether there was anything. */
  boolean tellRecent(Recent recent) {
    Recent.Taken taken = recent.take(limits.pageBytes());
    if (taken.gap()) {
      watchers.fallBehindUpTo(store.get().revision());
      return true;
    }
    List<Transaction> news =
        taken.transactions().stream().filter(each -> each.revision() > watchers.told()).toList();
    if (!news.isEmpty()) {
      long upTo = news.getLast().revision();
      Map<Watcher, List<Event>> sorted;
      try {
        sorted = Delivery.sort(news, watchers.synced(), store.get());
      } catch (ClosedException | EngineException _) {
        // The history has it, too, and where the state was replaced the new one can be read.
        watchers.fallBehindUpTo(store.get().revision());
        return true;
      }
      sorted.forEach((watcher, events) -> {
        if (!tell(watcher, events, upTo)) {
          watchers.waitForRoom(watcher);
        }
      });
      watchers.toldUpTo(upTo);
    }
    return !taken.transactions().isEmpty();
  }

  /**
   * Serves the watcher that waits longest with a page of history, and all others it is for; says
   * whether anybody waited.
   */
  boolean catchUp() {
    if (watchers.behind().isEmpty()) {
      return false;
    }
    Watcher first = watchers.behind().getFirst();
    try {
      catchUp(first, store.get());
    } catch (CompactedException e) {
      watchers.remove(first);
      first.stream().offer(responses.compacted(watchers.told(), first.id(), e.compactRevision()));
    } catch (EngineException e) {
      LOG.log(Level.ERROR, "cannot read the history for a watcher", e);
      watchers.remove(first);
      first.stream().offer(responses.unreadable(watchers.told(), first.id(), e));
    } catch (ClosedException _) {
      // The state was replaced: the next step reads the new one.
    }
    return true;
  }

  private void catchUp(Watcher first, MvccStore current) {
    HistoryPage page = current.history(first.next(), limits.pageBytes());
    List<Watcher> served = new ArrayList<>();
    WatcherIndex index = new WatcherIndex();
    for (Watcher watcher : watchers.behind()) {
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
      watchers.waitForRoom(watcher);
      return;
    }
    watcher.advanceTo(upTo + 1);
    watchers.goOn(watcher);
  }

  private boolean tell(Watcher watcher, List<Event> events, long upTo) {
    WatchStream stream = watcher.stream();
    if (!room.isIn(stream)) {
      return false;
    }
    WatchResponse whole = responses.events(upTo, watcher.id(), events);
    if (watcher.takesFragments()) {
      Fragments.cut(whole, limits.fragmentBytes(), stream::offer);
    } else {
      stream.offer(whole);
    }
    watcher.told();
    watcher.advanceTo(upTo + 1);
    return true;
  }
}
