package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.rpc.RpcProcessor;
import com.alipay.sofa.jraft.rpc.RpcServer;
import com.alipay.sofa.jraft.rpc.impl.ConnectionClosedEventListener;
import com.alipay.sofa.jraft.rpc.impl.PingRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.GetFileRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.InstallSnapshotRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.ReadIndexRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.RequestVoteRequestProcessor;
import com.alipay.sofa.jraft.rpc.impl.core.TimeoutNowRequestProcessor;
import com.google.protobuf.Message;
import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.connection.FailedConnections;
import io.cadastre.kv.connection.OpenConnections;
import io.cadastre.kv.tls.TlsFiles;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The port on which a member hears the others: Raft's messages and services of our own. */
public final class PeerServer implements RpcServer {

  private static final long PINGS_AT_MOST_EVERY_SECONDS = 1;
  private static final long STOP_SECONDS = 2;

  /** Each connection has one of them to itself, mostly: Raft's and that of our calls. */
  private static final int LOOPS = 2;

  private final Map<MessageType, RpcProcessor<Message>> processors = new ConcurrentHashMap<>();
  private final List<ConnectionClosedEventListener> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(LOOPS, NioIoHandler.newFactory());
  private final Server server;
  private volatile boolean started;

  /**
   * Makes one that does not listen yet.
   *
   * @param listen one address or more; port 0 = a free one
   * @param tls null = in the clear
   * @param services that members call on each other; handlers must not block
   */
  public PeerServer(
      List<InetSocketAddress> listen,
      @Nullable TlsFiles tls,
      ConnectionLimits limits,
      List<BindableService> services)
      throws IOException {
    FailedConnections.tellBriefly();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(listen.getFirst())
            .bossEventLoopGroup(loops)
            .workerEventLoopGroup(loops)
            .channelType(NioServerSocketChannel.class)
            .directExecutor()
            .maxInboundMessageSize(RaftMethod.MOST_MESSAGE_BYTES)
            .flowControlWindow(RaftMethod.WINDOW_BYTES)
            .maxConcurrentCallsPerConnection(limits.callsOfOne())
            .handshakeTimeout(limits.beginWithin().toMillis(), TimeUnit.MILLISECONDS)
            // Half-open ones would count for ever.
            .keepAliveTime(limits.pingEvery().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(limits.pingTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .protocolNegotiator(
                new Admission(
                    tls == null ? null : tls.server(), new OpenConnections(limits.most())))
            .permitKeepAliveTime(PINGS_AT_MOST_EVERY_SECONDS, TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(
                ServerServiceDefinition.builder(RaftMethod.SERVICE)
                    .addMethod(
                        RaftMethod.EXCHANGE,
                        (call, headers) -> {
                          RaftStream stream = new RaftStream(call, processors, this::closed);
                          stream.start();
                          return stream;
                        })
                    .build());
    listen.stream().skip(1).forEach(builder::addListenAddress);
    services.forEach(builder::addService);
    server = builder.build();
    registerProcessor(new AppendedInOrder());
    registerProcessor(new ReadIndexRequestProcessor(null));
    registerProcessor(new PingRequestProcessor(null));
    // These wait for a disk or for another member.
    registerProcessor(new RequestVoteRequestProcessor(blocking));
    registerProcessor(new TimeoutNowRequestProcessor(blocking));
    registerProcessor(new InstallSnapshotRequestProcessor(blocking));
    registerProcessor(new GetFileRequestProcessor(blocking));
  }

  private void closed(RaftStream stream) {
    listeners.forEach(listener -> listener.onClosed(stream.remote(), stream));
  }

  /** Starts to listen, where it does not yet. */
  @Override
  public synchronized boolean init(@Nullable Void none) {
    if (!started) {
      try {
        server.start();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      started = true;
    }
    return true;
  }

  @Override
  public void shutdown() {
    server.shutdownNow();
    try {
      boolean _ = server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    // What waits there ends with the node, which may never end where it is interrupted.
    blocking.shutdown();
    var _ = loops.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
  }

  @Override
  public void registerConnectionClosedEventListener(ConnectionClosedEventListener listener) {
    listeners.add(listener);
  }

  /**
   * Answers a kind of request.
   *
   * @throws IllegalArgumentException where it is not one of Raft itself
   */
  @Override
  @SuppressWarnings("unchecked")
  public void registerProcessor(RpcProcessor<?> processor) {
    for (MessageType type : MessageType.values()) {
      if (type.empty().getClass().getName().equals(processor.interest())) {
        processors.put(type, (RpcProcessor<Message>) processor);
        return;
      }
    }
    throw new IllegalArgumentException(
        "processor: " + processor.interest() + " (allowed: messages of Raft itself)");
  }

  @Override
  public int boundPort() {
    return server.getPort();
  }

  @Override
  public boolean isStarted() {
    return started;
  }
}
