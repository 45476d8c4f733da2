package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchGrpc;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.MetadataUtils;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One stream of watches, whose client reads at once or when it is told to. */
final class TestWatch implements ClientResponseObserver<WatchRequest, WatchResponse> {

  final AtomicInteger created = new AtomicInteger();
  final AtomicInteger events = new AtomicInteger();
  final AtomicLong compactedAt = new AtomicLong();
  private final boolean reads;

  /** With what the stream ended; null = it goes on. */
  volatile @Nullable String end;

  private volatile @Nullable ClientCallStreamObserver<WatchRequest> requests;

  private TestWatch(boolean reads) {
    this.reads = reads;
  }

  static TestWatch reading(Channel through) {
    return open(through, true);
  }

  /** Takes the first response and nothing more. */
  static TestWatch sleeping(Channel through) {
    return open(through, false);
  }

  /** Of a client that asks for a leader. */
  static TestWatch withLeader(Channel through) {
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER), "true");
    return reading(
        ClientInterceptors.intercept(through, MetadataUtils.newAttachHeadersInterceptor(headers)));
  }

  private static TestWatch open(Channel through, boolean reads) {
    TestWatch watch = new TestWatch(reads);
    var _ = WatchGrpc.newStub(through).watch(watch);
    return watch;
  }

  void create(WatchCreateRequest request) {
    Objects.requireNonNull(requests)
        .onNext(WatchRequest.newBuilder().setCreateRequest(request).build());
  }

  void awake() {
    Objects.requireNonNull(requests).request(Integer.MAX_VALUE);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<WatchRequest> stream) {
    requests = stream;
    if (!reads) {
      stream.disableAutoRequestWithInitial(1);
    }
  }

  @Override
  public void onNext(WatchResponse response) {
    if (response.getCreated()) {
      int _ = created.incrementAndGet();
    }
    if (response.getCanceled()) {
      compactedAt.set(response.getCompactRevision());
    }
    int _ = events.addAndGet((int) response.getEventsList().stream().filter(Event::hasKv).count());
  }

  @Override
  public void onError(Throwable failure) {
    end = String.valueOf(failure.getMessage());
  }

  @Override
  public void onCompleted() {
    end = "completed";
  }
}
