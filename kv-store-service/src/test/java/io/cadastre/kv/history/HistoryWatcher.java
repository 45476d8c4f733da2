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
import java.util.List;

/** Watches a prefix from the first revision on, and goes on elsewhere where a member is gone. */
final class HistoryWatcher implements AutoCloseable {

  private final String prefix;
  private final List<ManagedChannel> members;
  private final List<WatchRules.Told> told = new ArrayList<>();
  private int member;
  private int interruptions;
  private long next = 1;
  private StreamObserver<WatchRequest> requests;
  private boolean closed;

  /**
   * Begins to watch.
   *
   * @param first the member to begin with
   */
  HistoryWatcher(String prefix, List<ManagedChannel> members, int first) {
    this.prefix = prefix;
    this.members = members;
    this.member = first;
    this.requests = open();
  }

  private StreamObserver<WatchRequest> open() {
    StreamObserver<WatchRequest> opened =
        WatchGrpc.newStub(members.get(member)).withWaitForReady().watch(new Responses());
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

  private synchronized void take(WatchResponse response) {
    if (response.getCanceled()) {
      throw new IllegalStateException("canceled: " + response);
    }
    if (response.getCreated()) {
      return;
    }
    List<Change> changes = response.getEventsList().stream().map(HistoryWatcher::change).toList();
    told.add(new WatchRules.Told(response.getHeader().getRevision(), changes));
    if (!changes.isEmpty()) {
      next = changes.getLast().revision() + 1;
    }
    notifyAll();
  }

  private static Change change(Event event) {
    KeyValue kv = event.getKv();
    return new Change(
        kv.getModRevision(),
        kv.getKey().toStringUtf8(),
        event.getType() == EventType.DELETE ? null : kv.getValue().toStringUtf8());
  }

  private synchronized void resume() {
    if (!closed) {
      interruptions++;
      member = (member + 1) % members.size();
      members.get(member).resetConnectBackoff();
      requests = open();
    }
  }

  /** Waits until it was told of a revision; the key that changed then has to be in its prefix. */
  synchronized void awaitRevision(long revision, long millis) throws InterruptedException {
    long until = System.nanoTime() + millis * 1_000_000;
    while (next <= revision) {
      long left = (until - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new IllegalStateException(
            prefix + ": not told of revision " + revision + ", the next would be " + next);
      }
      wait(left);
    }
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
      take(response);
    }

    @Override
    public void onError(Throwable failure) {
      resume();
    }

    @Override
    public void onCompleted() {
      resume();
    }
  }
}
