package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The stream of Raft's messages to one member, opened again when it ended. */
final class PeerLink {

  /** A member that restarts is there again soon; gRPC would wait for minutes in the end. */
  private static final long RETRY_NANOS = Duration.ofMillis(300).toNanos();

  private final Endpoint endpoint;
  private final EventLoop loop;
  private final Function<EventLoop, ManagedChannel> connecting;
  private final BooleanSupplier elsewhere;
  private final Consumer<Endpoint> whenConnected;
  private final PeerTraffic traffic;
  private final ReentrantLock opening = new ReentrantLock();
  private @Nullable ManagedChannel channel;
  private volatile @Nullable PeerStream stream;
  private long retriedAt = System.nanoTime() - RETRY_NANOS;
  private volatile boolean closed;

  /** Whether the member answered on the present connection. */
  private volatile boolean answered;

  PeerLink(
      Endpoint endpoint,
      EventLoop loop,
      Function<EventLoop, ManagedChannel> connecting,
      BooleanSupplier elsewhere,
      Consumer<Endpoint> whenConnected,
      PeerTraffic traffic) {
    this.endpoint = endpoint;
    this.loop = loop;
    this.connecting = connecting;
    this.elsewhere = elsewhere;
    this.whenConnected = whenConnected;
    this.traffic = traffic;
  }

  PeerTraffic traffic() {
    return traffic;
  }

  boolean isConnected() {
    PeerStream current = stream;
    return current != null && current.takesMore();
  }

  /** Begins to connect where there is no connection. */
  void connect() {
    PeerStream current = stream;
    if (current != null && current.isStuck()) {
      drop();
      current = null;
    }
    if (current == null || current.isClosed()) {
      PeerStream _ = open();
    }
  }

  boolean awaitConnected(Duration within) throws InterruptedException {
    if (isConnected()) {
      return true;
    }
    PeerStream current = open();
    if (current == null) {
      return false;
    }
    try {
      current.connected().get(within.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (ExecutionException | TimeoutException _) {
      return false;
    }
  }

  private @Nullable PeerStream open() {
    opening.lock();
    try {
      PeerStream current = stream;
      if (closed || (current != null && !current.isClosed())) {
        return current;
      }
      ManagedChannel used = channel;
      if (used == null) {
        used = connecting.apply(loop);
        channel = used;
      } else if (used.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
        if (System.nanoTime() - retriedAt < RETRY_NANOS) {
          return null;
        }
        retriedAt = System.nanoTime();
        if (elsewhere.getAsBoolean()) {
          ManagedChannel _ = used.shutdownNow();
          used = connecting.apply(loop);
          channel = used;
        } else {
          used.resetConnectBackoff();
        }
      }
      PeerStream opened =
          new PeerStream(
              endpoint,
              used.newCall(RaftMethod.EXCHANGE, CallOptions.DEFAULT),
              loop,
              () -> {
                answered = true;
                whenConnected.accept(endpoint);
              },
              this::drop,
              traffic);
      stream = opened;
      opened.start();
      return opened;
    } finally {
      opening.unlock();
    }
  }

  void send(Message request, InvokeCallback callback, Duration timeout) throws RemotingException {
    PeerStream current = stream;
    if (current == null || current.isClosed()) {
      current = open();
    }
    if (current == null) {
      throw new RemotingException("not connected to " + endpoint);
    }
    current.send(request, callback, timeout);
  }

  void tellCommitted(long term, long index) {
    PeerStream current = stream;
    if (current != null) {
      current.tellCommitted(term, index);
    }
  }

  /** Gives up the connection; the next message makes a new one. */
  void drop() {
    ManagedChannel dropped;
    opening.lock();
    try {
      dropped = channel;
      if (channel != null && !answered) {
        boolean _ = elsewhere.getAsBoolean();
      }
      answered = false;
      channel = null;
      stream = null;
    } finally {
      opening.unlock();
    }
    if (dropped != null) {
      ManagedChannel _ = dropped.shutdownNow();
    }
  }

  void close() {
    closed = true;
    drop();
  }
}
