package io.cadastre.kv.serve;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.WatchCreateRequest;
import io.cadastre.contracts.kv.WatchGrpc;
import io.cadastre.contracts.kv.WatchRequest;
import io.cadastre.contracts.kv.WatchResponse;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import io.cadastre.kv.watch.WatchHub;
import io.cadastre.kv.watch.WatchStream;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Watches. */
final class WatchService extends WatchGrpc.WatchImplBase {

  private static final ByteString FIRST_KEY = ByteString.copyFrom(new byte[] {0});

  private final Answers answers;
  private final WatchHub hub;

  WatchService(Answers answers, WatchHub hub) {
    this.answers = answers;
    this.hub = hub;
  }

  @Override
  public StreamObserver<WatchRequest> watch(StreamObserver<WatchResponse> out) {
    Client client = new Client((ServerCallStreamObserver<WatchResponse>) out);
    client.begin();
    return client;
  }

  /**
   * Between a client's stream and the hub. Responses are sent by whoever has a reason to, one at a
   * time, as long as the client takes them; requests are taken as long as it takes the responses.
   */
  private final class Client implements StreamObserver<WatchRequest> {

    private final ServerCallStreamObserver<WatchResponse> out;
    private final WatchStream stream = hub.open(this::pump);

    /** Reasons to send that came while somebody sends. */
    private final AtomicInteger reasons = new AtomicInteger();

    private boolean owesRequest;
    private boolean ended;

    Client(ServerCallStreamObserver<WatchResponse> out) {
      this.out = out;
    }

    void begin() {
      out.disableAutoRequest();
      out.setOnReadyHandler(this::pump);
      out.setOnCancelHandler(stream::close);
      out.request(1);
    }

    @Override
    public void onNext(WatchRequest request) {
      String refusal = request.hasCreateRequest() ? refusal(request.getCreateRequest()) : null;
      if (refusal == null) {
        stream.request(request);
      } else {
        stream.refuse(refusal);
      }
      synchronized (this) {
        owesRequest = true;
      }
      pump();
    }

    private @Nullable String refusal(WatchCreateRequest request) {
      try {
        ByteString key = request.getKey().isEmpty() ? FIRST_KEY : request.getKey();
        answers.state().auth().state().requireRead(answers.caller(), key, request.getRangeEnd());
        return null;
      } catch (EtcdException e) {
        // The Go client tells reasons apart by the text that its own errors have.
        return "rpc error: code = " + name(e.error()) + " desc = " + e.error().text();
      }
    }

    private static String name(EtcdError error) {
      return switch (error.status().getCode()) {
        case PERMISSION_DENIED -> "PermissionDenied";
        case UNAUTHENTICATED -> "Unauthenticated";
        default -> "InvalidArgument";
      };
    }

    @Override
    public void onError(Throwable failure) {
      stream.close();
    }

    @Override
    public void onCompleted() {
      stream.close();
      pump();
    }

    private void pump() {
      if (reasons.getAndIncrement() == 0) {
        answers.threads().waiting().execute(this::send);
      }
    }

    private void send() {
      int seen;
      do {
        seen = reasons.get();
        sendReady();
      } while (!reasons.compareAndSet(seen, 0));
    }

    private synchronized void sendReady() {
      if (ended || out.isCancelled()) {
        return;
      }
      while (out.isReady()) {
        WatchResponse response = stream.poll();
        if (response == null) {
          break;
        }
        out.onNext(response);
      }
      if (stream.isClosed()) {
        ended = true;
        out.onCompleted();
      } else if (owesRequest && stream.takesRequests()) {
        owesRequest = false;
        out.request(1);
      }
    }
  }
}
