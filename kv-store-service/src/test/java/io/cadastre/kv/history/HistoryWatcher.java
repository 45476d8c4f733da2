package io.cadastre.kv.history;

import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchGrpc;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.contracts.kv.mvcc.Event.EventType;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Watches a prefix from the first revision on, and goes on elsewhere where a member is gone. */
final class HistoryWatcher implements AutoCloseable {

  /** What was never told, since it was compacted before: revisions from, and up to before. */
  record Gap(long from, long to) {}

  private final String prefix;
  private final Supplier<List<ManagedChannel>> members;
  private final Consumer<Change> listener;
  private final List<WatchRules.Told> told = new ArrayList<>();
  private int member;
  private int interruptions;
  private long next;
  private @Nullable Object failure;
  private StreamObserver<WatchRequest> requests;

  /** Those of the stream that counts. */
  private Responses responses = new Responses();

  private final Map<String, String> last = new HashMap<>();
  private int previousMissing;
  private final List<Gap> gaps = new ArrayList<>();
  private boolean closed;

  /**
   * Begins to watch.
   *
   * @param from the first revision
   * @param first the member to begin with
   * @param listener hears of every change, at once
   */
  HistoryWatcher(
      String prefix,
      long from,
      Supplier<List<ManagedChannel>> members,
      int first,
      Consumer<Change> listener) {
    this.prefix = prefix;
    this.next = from;
    this.members = members;
    this.member = first;
    this.listener = listener;
    this.requests = open();
  }

  HistoryWatcher(String prefix, Supplier<List<ManagedChannel>> members, int first) {
    this(prefix, 1, members, first, _ -> {});
  }

  private ManagedChannel channel() {
    List<ManagedChannel> there = members.get();
    return there.get(member % there.size());
  }

  private StreamObserver<WatchRequest> open() {
    responses = new Responses();
    StreamObserver<WatchRequest> opened =
        WatchGrpc.newStub(channel()).withWaitForReady().watch(responses);
    opened.onNext(
        WatchRequest.newBuilder()
            .setCreateRequest(
                WatchCreateRequest.newBuilder()
                    .setKey(Wire.bytes(prefix))
                    .setRangeEnd(Wire.behind(prefix))
                    .setStartRevision(next)
                    .setPrevKv(true)
                    .setProgressNotify(true))
            .build());
    return opened;
  }

  private synchronized void take(Responses from, WatchResponse response) {
    if (from != responses) {
      return;
    }
    if (response.getCreated()) {
      return;
    }
    if (response.getCanceled()) {
      long compacted = response.getCompactRevision();
      if (compacted <= next) {
        failure = response;
        notifyAll();
        return;
      }
      gaps.add(new Gap(next, compacted));
      next = compacted;
      StreamObserver<WatchRequest> before = requests;
      requests = open();
      before.onCompleted();
      return;
    }
    List<Change> changes = response.getEventsList().stream().map(HistoryWatcher::change).toList();
    told.add(new WatchRules.Told(response.getHeader().getRevision(), changes));
    if (!changes.isEmpty()) {
      next = changes.getLast().revision() + 1;
    }
    response.getEventsList().forEach(this::checkPrevious);
    changes.forEach(listener);
    notifyAll();
  }

  private void checkPrevious(Event event) {
    Change now = change(event);
    String value = now.value();
    String before = value == null ? last.remove(now.key()) : last.put(now.key(), value);
    String told = event.hasPrevKv() ? event.getPrevKv().getValue().toStringUtf8() : null;
    if (told == null && before != null) {
      previousMissing++;
    } else if (gaps.isEmpty() && !Objects.equals(told, before)) {
      failure = "instead of " + before + " this was there before: " + event;
    }
  }

  /** How often it was not told what was there before; only a compaction is a reason. */
  synchronized int previousMissing() {
    return previousMissing;
  }

  private static Change change(Event event) {
    KeyValue kv = event.getKv();
    return new Change(
        kv.getModRevision(),
        kv.getKey().toStringUtf8(),
        event.getType() == EventType.DELETE ? null : kv.getValue().toStringUtf8());
  }

  private synchronized void resume(Responses from) {
    if (!closed && from == responses) {
      interruptions++;
      member++;
      channel().resetConnectBackoff();
      requests = open();
    }
  }

  /** Waits until it was told of a revision; the key that changed then has to be in its prefix. */
  synchronized void awaitRevision(long revision, long millis) throws InterruptedException {
    long until = System.nanoTime() + millis * 1_000_000;
    while (next <= revision) {
      if (failure != null) {
        throw new IllegalStateException(prefix + ": canceled: " + failure);
      }
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IllegalStateException(
            prefix + ": not told of revision " + revision + ", the next would be " + next);
      }
      wait(left);
    }
  }

  /** The revision that it waits for. */
  synchronized long next() {
    return next;
  }

  synchronized List<Gap> gaps() {
    return List.copyOf(gaps);
  }

  synchronized List<WatchRules.Told> told() {
    return List.copyOf(told);
  }

  synchronized int interruptions() {
    return interruptions;
  }

  String prefix() {
    return prefix;
  }

  @Override
  public synchronized void close() {
    closed = true;
    requests.onCompleted();
  }

  private final class Responses implements StreamObserver<WatchResponse> {

    @Override
    public void onNext(WatchResponse response) {
      take(this, response);
    }

    @Override
    public void onError(Throwable failure) {
      resume(this);
    }

    @Override
    public void onCompleted() {
      resume(this);
    }
  }
}
