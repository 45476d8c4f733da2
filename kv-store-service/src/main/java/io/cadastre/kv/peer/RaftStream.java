package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.rpc.Connection;
import com.alipay.sofa.jraft.rpc.RpcContext;
import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.google.protobuf.Message;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What another member sends, as its turn comes, and the answers. */
final class RaftStream extends ServerCall.Listener<Frame> implements Connection {

  private static final int READ_AHEAD = 64;

  private final ServerCall<Frame, Frame> call;
  private final Map<MessageType, RpcProcessor<Message>> processors;
  private final Consumer<RaftStream> whenClosed;
  private final Map<String, Object> attributes = new ConcurrentHashMap<>();
  private final ReentrantLock sending = new ReentrantLock();
  private boolean closed;

  /** Whom entries were for, and from whom; on the stream's own thread. */
  private String node = "";

  private String leader = "";

  RaftStream(
      ServerCall<Frame, Frame> call,
      Map<MessageType, RpcProcessor<Message>> processors,
      Consumer<RaftStream> whenClosed) {
    this.call = call;
    this.processors = processors;
    this.whenClosed = whenClosed;
  }

  void start() {
    call.sendHeaders(new Metadata());
    call.request(READ_AHEAD);
  }

  String remote() {
    return String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
  }

  @Override
  public void onMessage(Frame frame) {
    MessageType type = MessageType.of(frame.message());
    RpcProcessor<Message> processor = processors.get(type);
    if (processor == null) {
      end(Status.UNIMPLEMENTED.withDescription("message: " + type + " (allowed: requests)"));
      return;
    }
    if (frame.message() instanceof AppendEntriesRequest append) {
      hear(append);
    }
    RpcContext context = new Answer(frame.call());
    @Nullable Executor executor = processor.executor();
    if (executor == null) {
      processor.handleRequest(context, frame.message());
    } else {
      executor.execute(() -> processor.handleRequest(context, frame.message()));
    }
    call.request(1);
  }

  private void hear(AppendEntriesRequest append) {
    if (!append.getServerId().equals(leader)) {
      leader = append.getServerId();
      node = "<" + append.getGroupId() + "/" + append.getPeerId() + ">";
    }
  }

  @Override
  public void onHalfClose() {
    end(Status.OK);
  }

  @Override
  public void onCancel() {
    closed();
  }

  @Override
  public void onComplete() {
    closed();
  }

  private void closed() {
    sending.lock();
    try {
      closed = true;
    } finally {
      sending.unlock();
    }
    whenClosed.accept(this);
    if (!leader.isEmpty()) {
      LeaderContact.of(node).lost(leader);
    }
  }

  private void end(Status status) {
    sending.lock();
    try {
      if (!closed) {
        closed = true;
        call.close(status, new Metadata());
      }
    } finally {
      sending.unlock();
    }
  }

  @Override
  public void close() {
    end(Status.CANCELLED);
  }

  @Override
  public @Nullable Object getAttribute(String key) {
    return attributes.get(key);
  }

  @Override
  public void setAttribute(String key, Object value) {
    attributes.put(key, value);
  }

  @Override
  public @Nullable Object setAttributeIfAbsent(String key, Object value) {
    return attributes.putIfAbsent(key, value);
  }

  /** Of one request. Answers come from any thread, in any order. */
  private final class Answer implements RpcContext {

    private final long number;

    Answer(long number) {
      this.number = number;
    }

    @Override
    public void sendResponse(Object response) {
      Frame frame = new Frame(number, (Message) Objects.requireNonNull(response));
      sending.lock();
      try {
        if (!closed) {
          call.sendMessage(frame);
        }
      } finally {
        sending.unlock();
      }
    }

    @Override
    public Connection getConnection() {
      return RaftStream.this;
    }

    @Override
    public String getRemoteAddress() {
      return remote();
    }
  }
}
