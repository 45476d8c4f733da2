package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.util.Endpoint;
import io.cadastre.kv.tls.TlsFiles;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A member's connections to the others. */
public final class PeerChannels implements AutoCloseable {

  private static final long PING_EVERY_SECONDS = 2;
  private static final long PING_ANSWERED_WITHIN_SECONDS = 2;
  private static final long STOP_SECONDS = 2;

  /** After a partition the system would wait ever longer before it tries again. */
  private static final int CONNECTED_WITHIN_MILLIS = 1000;

  /** What a client may be sent, a member may, too. */
  private static final int MOST_ANSWER_BYTES = 512 << 20;

  private final @Nullable SslContext tls;
  private final Addresses addresses;
  private final EventLoopGroup raftLoop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoopGroup callLoop =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Map<Endpoint, PeerLink> links = new ConcurrentHashMap<>();
  private final Map<Endpoint, ManagedChannel> calls = new ConcurrentHashMap<>();
  private final List<Consumer<Endpoint>> listeners = new CopyOnWriteArrayList<>();

  /** Where the members are that JRaft calls by an endpoint. */
  @FunctionalInterface
  public interface Addresses {

    /** Where one is now. */
    Endpoint now(Endpoint named);

    /** The same, to connect to. */
    default Endpoint use(Endpoint named) {
      return now(named);
    }

    /**
     * It does not answer where it was connected to last: says whether it may be elsewhere, and that
     * is where it is now.
     */
    default boolean next(Endpoint named) {
      return false;
    }
  }

  /**
   * Makes them; none is opened yet.
   *
   * @param tls null = in the clear
   */
  public PeerChannels(@Nullable TlsFiles tls) throws IOException {
    this(tls, named -> named);
  }

  /**
   * Makes them; none is opened yet.
   *
   * @param tls null = in the clear
   * @param addresses where the member is now that JRaft calls by an endpoint; asked whenever a
   *     connection is made anew
   */
  public PeerChannels(@Nullable TlsFiles tls, Addresses addresses) throws IOException {
    this.tls = tls == null ? null : tls.client();
    this.addresses = addresses;
  }

  /**
   * For calls of our own to the member with this peer URL. Raft's messages do not wait for them.
   */
  public Channel to(URI peer) {
    return calls.computeIfAbsent(
        endpoint(peer),
        endpoint ->
            channel(endpoint, callLoop.next())
                .maxInboundMessageSize(MOST_ANSWER_BYTES)
                .keepAliveTime(PING_EVERY_SECONDS, TimeUnit.SECONDS)
                .keepAliveTimeout(PING_ANSWERED_WITHIN_SECONDS, TimeUnit.SECONDS)
                .build());
  }

  /** What JRaft calls the member with this peer URL. */
  public static Endpoint endpoint(URI peer) {
    if (peer.getHost() == null || peer.getPort() < 0) {
      throw new IllegalArgumentException("peer: " + peer + " (allowed: http(s)://host:port)");
    }
    return new Endpoint(peer.getHost(), peer.getPort());
  }

  /** Forgets a member that was removed. */
  public void forget(URI peer) {
    Endpoint endpoint = endpoint(peer);
    PeerLink link = links.remove(endpoint);
    if (link != null) {
      link.close();
    }
    ManagedChannel channel = calls.remove(endpoint);
    if (channel != null) {
      ManagedChannel _ = channel.shutdownNow();
    }
  }

  /**
   * The member that JRaft calls by an endpoint is elsewhere now, or gone: the next message finds
   * out.
   */
  public void moved(Endpoint endpoint) {
    PeerLink link = links.get(endpoint);
    if (link != null) {
      link.drop();
    }
  }

  /**
   * Has the others know soon that the log is agreed on.
   *
   * @param term in which this member leads, and of the entry
   */
  public void tellCommitted(long term, long index) {
    links.values().forEach(link -> link.tellCommitted(term, index));
  }

  /** What went to and fro, by member. */
  public Map<Endpoint, PeerTraffic> traffic() {
    Map<Endpoint, PeerTraffic> traffic = new HashMap<>();
    links.forEach((endpoint, link) -> traffic.put(endpoint, link.traffic()));
    return traffic;
  }

  /** The thread that writes Raft's messages to all of them. */
  public ScheduledExecutorService writing() {
    return raftLoop.next();
  }

  PeerLink link(Endpoint endpoint) {
    return links.computeIfAbsent(
        endpoint,
        _ ->
            new PeerLink(
                endpoint,
                raftLoop.next(),
                loop ->
                    channel(addresses.use(endpoint), loop)
                        .maxInboundMessageSize(RaftMethod.MOST_MESSAGE_BYTES)
                        .build(),
                () -> addresses.next(endpoint),
                this::connected,
                new PeerTraffic()));
  }

  void whenConnected(Consumer<Endpoint> listener) {
    listeners.add(listener);
  }

  private void connected(Endpoint endpoint) {
    ManagedChannel own = calls.get(addresses.now(endpoint));
    if (own != null) {
      // Where there was a partition, what stood before it may be silent for long.
      own.enterIdle();
      own.resetConnectBackoff();
    }
    listeners.forEach(listener -> listener.accept(endpoint));
  }

  private NettyChannelBuilder channel(Endpoint endpoint, EventLoop loop) {
    NettyChannelBuilder builder =
        NettyChannelBuilder.forAddress(endpoint.getIp(), endpoint.getPort())
            .eventLoopGroup(loop)
            .channelType(NioSocketChannel.class)
            .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECTED_WITHIN_MILLIS)
            .directExecutor()
            .disableRetry()
            .flowControlWindow(RaftMethod.WINDOW_BYTES)
            // Members are reached as they are named, never by way of the environment's proxy.
            .proxyDetector(_ -> null);
    return tls == null
        ? builder.usePlaintext()
        : builder.negotiationType(NegotiationType.TLS).sslContext(tls);
  }

  void dropRaft() {
    links.values().forEach(PeerLink::drop);
  }

  @Override
  public void close() {
    links.values().forEach(PeerLink::close);
    calls.values().forEach(ManagedChannel::shutdownNow);
    var _ = raftLoop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
    var _ = callLoop.shutdownGracefully(0, STOP_SECONDS, TimeUnit.SECONDS);
  }
}
