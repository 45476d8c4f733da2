package io.cadastre.kv.connection;

import io.grpc.Attributes;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerStreamTracer;
import io.grpc.ServerStreamTracer.ServerCallInfo;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Answers that lie in a connection because its client does not take them. Where it leaves too many
 * lying, its calls are refused, and only its own: new ones, and those that were begun before and
 * have their answer now.
 */
public final class UnsentAnswers {

  /** Answers that are larger are reckoned up where they are made, for all connections together. */
  private static final long ORDINARY_BYTES = 2 << 20;

  private static final Attributes.Key<AtomicLong> UNSENT = Attributes.Key.create("unsent");

  private final long mostBytes;
  private final Status refusal;
  private final Seldom log =
      new Seldom(System.getLogger(UnsentAnswers.class.getName()), System::nanoTime);

  /**
   * Makes it.
   *
   * @param mostBytes of one connection
   * @param refusal of further calls
   */
  public UnsentAnswers(long mostBytes, Status refusal) {
    this.mostBytes = mostBytes;
    this.refusal = refusal;
  }

  /** Marks connections, so that their calls are reckoned together. */
  public ServerTransportFilter connections() {
    return new ServerTransportFilter() {
      @Override
      public Attributes transportReady(Attributes attributes) {
        return attributes.toBuilder().set(UNSENT, new AtomicLong()).build();
      }
    };
  }

  /** Reckons what was sent up with the calls that are over. */
  public ServerStreamTracer.Factory calls() {
    return new ServerStreamTracer.Factory() {
      @Override
      public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
        return new Call();
      }
    };
  }

  /** Refuses calls. */
  public ServerInterceptor guard() {
    return new ServerInterceptor() {
      @Override
      public <Q, R> ServerCall.Listener<Q> interceptCall(
          ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
        AtomicLong unsent = call.getAttributes().get(UNSENT);
        if (unsent == null) {
          return next.startCall(call, headers);
        }
        Guarded<Q, R> guarded = new Guarded<>(call, unsent);
        if (guarded.refuseWhereTooMuch()) {
          return new ServerCall.Listener<>() {};
        }
        boolean unary = call.getMethodDescriptor().getType().serverSendsOneMessage();
        return next.startCall(unary ? guarded : call, headers);
      }
    };
  }

  /**
   * Looks again when there is an answer; many calls may have begun before the first was answered.
   */
  private final class Guarded<Q, R> extends SimpleForwardingServerCall<Q, R> {

    private final AtomicLong unsent;
    private boolean refused;

    Guarded(ServerCall<Q, R> call, AtomicLong unsent) {
      super(call);
      this.unsent = unsent;
    }

    boolean refuseWhereTooMuch() {
      if (unsent.get() <= mostBytes) {
        return false;
      }
      log.tell(
          "%s does not take its answers: %d bytes (allowed: %d); its calls are refused"
              .formatted(
                  getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR), unsent.get(), mostBytes));
      refused = true;
      super.close(refusal, new Metadata());
      return true;
    }

    @Override
    public void sendMessage(R answer) {
      if (!refuseWhereTooMuch()) {
        super.sendMessage(answer);
      }
    }

    @Override
    public void close(Status status, Metadata trailers) {
      if (!refused) {
        super.close(status, trailers);
      }
    }
  }

  /** One that is answered once: streams wait by themselves for clients to read. */
  private static final class Call extends ServerStreamTracer {

    private @Nullable AtomicLong unsent;
    private long bytes;

    @Override
    public void serverCallStarted(ServerCallInfo<?, ?> call) {
      if (call.getMethodDescriptor().getType().serverSendsOneMessage()) {
        unsent = call.getAttributes().get(UNSENT);
      }
    }

    @Override
    public void outboundUncompressedSize(long size) {
      if (unsent != null && size <= ORDINARY_BYTES) {
        bytes = size;
        unsent.addAndGet(size);
      }
    }

    @Override
    public void streamClosed(Status status) {
      if (unsent != null) {
        unsent.addAndGet(-bytes);
      }
    }
  }
}
