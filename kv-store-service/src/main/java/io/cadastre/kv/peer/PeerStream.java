package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.error.InvokeTimeoutException;
import com.alipay.sofa.jraft.error.RemotingException;
import com.alipay.sofa.jraft.rpc.InvokeCallback;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.util.Endpoint;
import com.google.protobuf.Message;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** One stream: requests in the order in which they are sent, answers as they come. */
final class PeerStream extends ClientCall.Listener<Frame> {

  private static final int READ_AHEAD = 64;
  private static final long MOST_WAITING_BYTES = 64 << 20;

  /** Whatever is sent meanwhile may tell it, too. */
  private static final long TOLD_WITHIN_MILLIS = 1;

  private static final long OVERDUE_LOOKED_AT_EVERY_MILLIS = 250;

  /** After a partition TCP would wait for long before it tries again. */
  private static final long SILENT_NANOS = Duration.ofSeconds(1).toNanos();

  private static final long STUCK_NANOS = Duration.ofSeconds(3).toNanos();

  private record Waiting(InvokeCallback callback, long sentAt, long due, int bytes) {}

  private final Endpoint endpoint;
  private final ClientCall<Frame, Frame> call;
  private final EventLoop loop;
  private final Runnable whenConnected;
  private final Runnable whenSilent;
  private final PeerTraffic traffic;
  private final CompletableFuture<Void> connected = new CompletableFuture<>();
  private final Map<Long, Waiting> waiting = new ConcurrentHashMap<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final AtomicBoolean sweeping = new AtomicBoolean();
  private final ReentrantLock sending = new ReentrantLock();
  private long calls;
  private volatile boolean closed;
  private volatile long heardAt = System.nanoTime();

  /** What a leader has sent, under the lock of sending. */
  private final SentEntries entries = new SentEntries();

  private boolean telling;

  PeerStream(
      Endpoint endpoint,
      ClientCall<Frame, Frame> call,
      EventLoop loop,
      Runnable whenConnected,
      Runnable whenSilent,
      PeerTraffic traffic) {
    this.endpoint = endpoint;
    this.call = call;
    this.loop = loop;
    this.whenConnected = whenConnected;
    this.whenSilent = whenSilent;
    this.traffic = traffic;
  }

  void start() {
    call.start(this, new Metadata());
    call.request(READ_AHEAD);
  }

  CompletableFuture<Void> connected() {
    return connected;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether it should stand long since: what began before a partition may wait for ever. */
  boolean isStuck() {
    return !closed && !connected.isDone() && System.nanoTime() - heardAt > STUCK_NANOS;
  }

  /** Whether it stands and the other side keeps up. */
  boolean takesMore() {
    return !closed
        && connected.isDone()
        && !connected.isCompletedExceptionally()
        && waitingBytes.get() < MOST_WAITING_BYTES;
  }

  void send(Message request, InvokeCallback callback, Duration timeout) throws RemotingException {
    long now = System.nanoTime();
    int bytes = request.getSerializedSize();
    sending.lock();
    try {
      if (closed) {
        traffic.failed();
        throw new RemotingException("not connected to " + endpoint);
      }
      long number = ++calls;
      waiting.put(number, new Waiting(callback, now, now + timeout.toNanos(), bytes));
      call.sendMessage(new Frame(number, request));
      if (request instanceof AppendEntriesRequest append) {
        entries.sent(append);
        if (append.getEntriesCount() > 0) {
          tellSoon();
        }
      }
    } finally {
      sending.unlock();
    }
    long _ = waitingBytes.addAndGet(bytes);
    traffic.sent(bytes);
    sweepSoon();
  }

  /**
   * Sees to it that the other member soon knows how far the log is agreed on: JRaft tells with the
   * next entries, or the next heartbeat. Those who wait for what they wrote there wait for this.
   */
  void tellCommitted(long term, long index) {
    sending.lock();
    try {
      entries.committed(term, index);
      if (!closed && entries.areToBeTold()) {
        tellSoon();
      }
    } finally {
      sending.unlock();
    }
  }

  /**
   * Begins when entries are sent: on the connection's own thread, which would have to be woken up
   * for it later, and by then they are agreed on, mostly.
   */
  private void tellSoon() {
    if (!telling) {
      telling = true;
      later(this::tell, TOLD_WITHIN_MILLIS);
    }
  }

  private void tell() {
    sending.lock();
    try {
      telling = false;
      if (!closed && entries.areToBeTold()) {
        AppendEntriesRequest request = entries.tell();
        call.sendMessage(new Frame(++calls, request));
        traffic.sent(request.getSerializedSize());
      }
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void onHeaders(Metadata headers) {
    heardAt = System.nanoTime();
    if (connected.complete(null)) {
      traffic.connected(true);
      // JRaft takes a node's lock in it.
      Thread _ = Thread.ofVirtual().name("peer-connected").start(whenConnected);
    }
  }

  @Override
  public void onMessage(Frame answer) {
    heardAt = System.nanoTime();
    Waiting asked = waiting.remove(answer.call());
    if (asked != null) {
      long _ = waitingBytes.addAndGet(-asked.bytes);
      traffic.answered(answer.message().getSerializedSize(), heardAt - asked.sentAt);
      complete(asked, answer.message(), null);
    }
    call.request(1);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    sending.lock();
    try {
      closed = true;
    } finally {
      sending.unlock();
    }
    boolean stood = connected.isDone() && !connected.isCompletedExceptionally();
    connected.completeExceptionally(status.asRuntimeException());
    if (stood) {
      traffic.connected(false);
    }
    waiting.forEach((number, asked) -> {
      if (waiting.remove(number, asked)) {
        traffic.failed();
        complete(asked, null, new RemotingException("lost " + endpoint + ": " + status));
      }
    });
  }

  private static void complete(
      Waiting asked, @Nullable Object answer, @Nullable Exception failure) {
    Executor executor = asked.callback.executor();
    if (executor == null || answer instanceof AppendEntriesResponse) {
      // The leader's progress waits for these, and they wait for nobody.
      asked.callback.complete(answer, failure);
      return;
    }
    try {
      executor.execute(() -> asked.callback.complete(answer, failure));
    } catch (RejectedExecutionException _) {
      // The node ends; nobody asks any more.
      return;
    }
  }

  private void sweepSoon() {
    if (sweeping.compareAndSet(false, true)) {
      sweepLater();
    }
  }

  private void sweepLater() {
    later(this::sweep, OVERDUE_LOOKED_AT_EVERY_MILLIS);
  }

  private void later(Runnable work, long millis) {
    try {
      ScheduledFuture<?> _ = loop.schedule(work, millis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      // The member ends.
      return;
    }
  }

  private void sweep() {
    long now = System.nanoTime();
    boolean overdue = false;
    for (Iterator<Map.Entry<Long, Waiting>> all = waiting.entrySet().iterator(); all.hasNext(); ) {
      Map.Entry<Long, Waiting> each = all.next();
      if (each.getValue().due - now <= 0 && waiting.remove(each.getKey(), each.getValue())) {
        overdue = true;
        long _ = waitingBytes.addAndGet(-each.getValue().bytes);
        traffic.failed();
        complete(each.getValue(), null, new InvokeTimeoutException("no answer from " + endpoint));
      }
    }
    if (overdue && now - heardAt > SILENT_NANOS) {
      whenSilent.run();
    }
    if (!waiting.isEmpty()) {
      sweepLater();
      return;
    }
    sweeping.set(false);
    if (!waiting.isEmpty()) {
      sweepSoon();
    }
  }
}
