package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.kv.request.EtcdError;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Refuses what a member cannot do where it stands: a learner answers little, and who asks for a
 * leader is not served without one. Streams of the latter end when there is none for long, so that
 * their clients go elsewhere instead of hearing nothing.
 */
final class StandingGuard implements ServerInterceptor {

  private static final Metadata.Key<String> HAS_LEADER =
      Metadata.Key.of("hasleader", Metadata.ASCII_STRING_MARSHALLER);

  /** As etcd. */
  private static final int PATIENCE_ELECTIONS = 3;

  private static final String OURS = "etcdserverpb.";
  private static final Set<MethodDescriptor<?, ?>> FOR_LEARNERS =
      Set.of(
          KVGrpc.getRangeMethod(),
          MaintenanceGrpc.getStatusMethod(),
          MaintenanceGrpc.getSnapshotMethod());

  private final Answers answers;
  private final long patienceNanos;
  private final Set<Stream<?, ?>> streams = ConcurrentHashMap.newKeySet();
  private long ledAtNanos = System.nanoTime();

  StandingGuard(Answers answers, Duration electionTimeout) {
    this.answers = answers;
    this.patienceNanos = electionTimeout.multipliedBy(PATIENCE_ELECTIONS).toNanos();
  }

  @Override
  public <Q, R> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, R> call, Metadata headers, ServerCallHandler<Q, R> next) {
    boolean needsLeader = "true".equals(headers.get(HAS_LEADER));
    MethodDescriptor<Q, R> method = call.getMethodDescriptor();
    if (needsLeader && !hasLeader()) {
      return refuse(call, EtcdError.NO_LEADER);
    }
    if (method.getFullMethodName().startsWith(OURS) && learns()) {
      return FOR_LEARNERS.contains(method)
          ? new SerializableOnly<>(call, next.startCall(call, headers))
          : refuse(call, EtcdError.NOT_FOR_LEARNER);
    }
    if (needsLeader && !method.getType().serverSendsOneMessage()) {
      Stream<Q, R> stream = new Stream<>(call);
      boolean _ = streams.add(stream);
      return new Ending<>(stream, next.startCall(stream, headers), () -> streams.remove(stream));
    }
    return next.startCall(call, headers);
  }

  private boolean hasLeader() {
    return answers.self().standing().get().hasLeader();
  }

  private boolean learns() {
    return answers.state().members().isLearner(answers.self().memberId());
  }

  private static <Q, R> ServerCall.Listener<Q> refuse(ServerCall<Q, R> call, EtcdError error) {
    call.close(error.status(), new Metadata());
    return new ServerCall.Listener<>() {};
  }

  /** Ends streams that need a leader when there is none for long. Called every now and then. */
  void tick() {
    long now = System.nanoTime();
    if (hasLeader()) {
      ledAtNanos = now;
    } else if (now - ledAtNanos > patienceNanos) {
      streams.forEach(stream -> stream.end(EtcdError.NO_LEADER.status()));
    }
  }

  /** A learner may be behind, and says only what it has. */
  private static final class SerializableOnly<Q, R> extends SimpleForwardingServerCallListener<Q> {

    private final ServerCall<Q, R> call;
    private boolean refused;

    SerializableOnly(ServerCall<Q, R> call, ServerCall.Listener<Q> next) {
      super(next);
      this.call = call;
    }

    @Override
    public void onMessage(Q request) {
      if (request instanceof RangeRequest range && !range.getSerializable()) {
        refused = true;
        call.close(EtcdError.NOT_FOR_LEARNER.status(), new Metadata());
      } else {
        super.onMessage(request);
      }
    }

    @Override
    public void onHalfClose() {
      if (!refused) {
        super.onHalfClose();
      }
    }
  }

  /** A stream that another thread may end. */
  private static final class Stream<Q, R> extends SimpleForwardingServerCall<Q, R> {

    private boolean ended;
    private volatile boolean cut;

    Stream(ServerCall<Q, R> call) {
      super(call);
    }

    @Override
    public synchronized void sendMessage(R message) {
      if (!ended) {
        super.sendMessage(message);
      }
    }

    @Override
    public boolean isReady() {
      return !cut && super.isReady();
    }

    @Override
    public boolean isCancelled() {
      return cut || super.isCancelled();
    }

    @Override
    public void close(Status status, Metadata trailers) {
      end(status, trailers);
    }

    /** Ends it from outside. */
    synchronized void end(Status status) {
      cut = cut || !ended;
      end(status, new Metadata());
    }

    private synchronized void end(Status status, Metadata trailers) {
      if (!ended) {
        ended = true;
        super.close(status, trailers);
      }
    }
  }

  /** To the service, a stream that was ended from outside is one whose client has gone. */
  private static final class Ending<Q> extends SimpleForwardingServerCallListener<Q> {

    private final Stream<?, ?> stream;
    private final Runnable whenEnded;

    Ending(Stream<?, ?> stream, ServerCall.Listener<Q> next, Runnable whenEnded) {
      super(next);
      this.stream = stream;
      this.whenEnded = whenEnded;
    }

    @Override
    public void onCancel() {
      whenEnded.run();
      super.onCancel();
    }

    @Override
    public void onComplete() {
      whenEnded.run();
      if (stream.cut) {
        super.onCancel();
      } else {
        super.onComplete();
      }
    }
  }
}
