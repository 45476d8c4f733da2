package io.cadastre.kv.port;

import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.connection.FailedConnections;
import io.cadastre.kv.connection.OpenConnections;
import io.cadastre.kv.connection.UnsentAnswers;
import io.cadastre.kv.metrics.GrpcCounts;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.tls.TlsFiles;
import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Serves services over gRPC, the same as JSON over HTTP, and pages beside them, on one port. */
public final class ClientPort {

  private static final int MOST_MESSAGE_BYTES = 2 << 20;

  /** Bytes are a third longer as JSON. */
  private static final int MOST_JSON_BYTES = 2 * MOST_MESSAGE_BYTES;

  private static final Duration PINGS_AT_MOST_EVERY = Duration.ofSeconds(5);
  private static final long IDLE_SECONDS = 60;

  private final Server grpc;
  private final Server local;
  private final JsonGateway gateway;
  private final ChannelGroup http = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /**
   * Makes one that does not listen yet.
   *
   * @param tls null = in the clear
   * @param loops closed by who made them
   * @param blocking for what may hold a thread
   */
  public ClientPort(
      InetSocketAddress listen,
      @Nullable TlsFiles tls,
      ConnectionLimits limits,
      ClientLoops loops,
      List<BindableService> services,
      List<ServerInterceptor> interceptors,
      GrpcCounts counts,
      Pages pages,
      Executor blocking)
      throws IOException {
    String name = "kv-" + UUID.randomUUID();
    gateway = new JsonGateway(name, services);
    counts.expect(services.stream().map(BindableService::bindService).toList());
    FailedConnections.tellBriefly();
    UnsentAnswers unsent =
        new UnsentAnswers(limits.unsentBytesOfOne(), EtcdError.TOO_MANY_REQUESTS.status());
    NettyServerBuilder outside =
        NettyServerBuilder.forAddress(listen)
            .bossEventLoopGroup(loops.group())
            .workerEventLoopGroup(loops.group())
            .channelType(NioServerSocketChannel.class)
            // Handlers do not block; a pool between would cost half of the throughput.
            .directExecutor()
            .maxInboundMessageSize(MOST_MESSAGE_BYTES)
            .maxConcurrentCallsPerConnection(limits.callsOfOne())
            .handshakeTimeout(limits.beginWithin().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTime(limits.pingEvery().toMillis(), TimeUnit.MILLISECONDS)
            .keepAliveTimeout(limits.pingTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(PINGS_AT_MOST_EVERY.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .protocolNegotiator(
                new ProtocolChoice(
                    tls == null ? null : tls.serverOfHttpToo(),
                    new OpenConnections(limits.most()),
                    pipeline -> speakHttp(pipeline, pages, blocking)))
            .addTransportFilter(unsent.connections())
            .addStreamTracerFactory(unsent.calls())
            .addStreamTracerFactory(counts);
    InProcessServerBuilder inside =
        InProcessServerBuilder.forName(name)
            .directExecutor()
            .maxInboundMetadataSize(Integer.MAX_VALUE)
            .addStreamTracerFactory(counts);
    interceptors.forEach(interceptor -> {
      outside.intercept(interceptor);
      inside.intercept(interceptor);
    });
    // Of interceptors, the last is asked first.
    outside.intercept(unsent.guard());
    services.forEach(service -> {
      outside.addService(service);
      inside.addService(service);
    });
    grpc = outside.build();
    local = inside.build();
  }

  private void speakHttp(ChannelPipeline pipeline, Pages pages, Executor blocking) {
    boolean _ = http.add(pipeline.channel());
    // Before gRPC's own last handler, which takes every message for an error.
    String last = pipeline.lastContext().name();
    pipeline
        .addBefore(last, null, new IdleStateHandler(IDLE_SECONDS, 0, 0, TimeUnit.SECONDS))
        .addBefore(last, null, new HttpServerCodec())
        .addBefore(last, null, new HttpObjectAggregator(MOST_JSON_BYTES))
        .addBefore(last, null, new HttpRequests(pages, gateway, blocking));
  }

  /** Serves from now on. */
  public void start() throws IOException {
    Server _ = local.start();
    Server _ = grpc.start();
  }

  /** Where it listens. */
  public int port() {
    return grpc.getPort();
  }

  /** Takes no new calls. */
  public void shutdown() {
    Server _ = grpc.shutdown();
    Server _ = local.shutdown();
  }

  /** Ends what runs. */
  public void shutdownNow() {
    Server _ = grpc.shutdownNow();
    end();
  }

  /** Whether it takes no new calls any more. */
  public boolean isShutdown() {
    return grpc.isShutdown();
  }

  /** Waits until nothing runs any more. */
  public void awaitTermination() throws InterruptedException {
    grpc.awaitTermination();
  }

  /** Waits for what runs, and then ends it. */
  public void awaitTermination(Duration atMost) throws InterruptedException {
    if (!grpc.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
      Server _ = grpc.shutdownNow();
    }
    end();
  }

  private void end() {
    gateway.close();
    Server _ = local.shutdownNow();
    var _ = http.close();
  }
}
