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
import io.netty.handler.ssl.SslContext;
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

  private static final Duration IDLE = Duration.ofMinutes(1);

  private final Server grpc;
  private final Server local;
  private final JsonGateway gateway;
  private final ChannelGroup http = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

  /**
   * Makes one that does not listen yet.
   *
   * @param listen one address or more; port 0 = a free one
   * @param tls null = in the clear
   * @param loops closed by who made them
   * @param blocking for what may hold a thread
   */
  public ClientPort(
      List<InetSocketAddress> listen,
      @Nullable TlsFiles tls,
      ConnectionLimits limits,
      CallLimits calls,
      ClientLoops loops,
      List<BindableService> services,
      List<ServerInterceptor> interceptors,
      GrpcCounts counts,
      Pages pages,
      Executor blocking)
      throws IOException {
    // First what may fail: nothing is to be closed yet.
    SslContext secured = tls == null ? null : tls.serverOfHttpToo();
    String name = "kv-" + UUID.randomUUID();
    gateway = new JsonGateway(name, calls.json() ? services : List.of());
    counts.expect(services.stream().map(BindableService::bindService).toList());
    FailedConnections.tellBriefly();
    UnsentAnswers unsent =
        new UnsentAnswers(limits.unsentBytesOfOne(), EtcdError.TOO_MANY_REQUESTS.status());
    NettyServerBuilder outside =
        NettyServerBuilder.forAddress(listen.getFirst())
            .bossEventLoopGroup(loops.group())
            .workerEventLoopGroup(loops.group())
            .channelType(NioServerSocketChannel.class)
            // Handlers do not block; a pool between would cost half of the throughput.
            .directExecutor()
            .maxInboundMessageSize(calls.messageBytes())
            .maxConcurrentCallsPerConnection(limits.callsOfOne())
            .handshakeTimeout(limits.beginWithin().toMillis(), TimeUnit.MILLISECONDS)
            .permitKeepAliveTime(calls.pingsAtMostEvery().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true)
            .protocolNegotiator(
                new ProtocolChoice(
                    secured,
                    new OpenConnections(limits.most()),
                    pipeline -> speakHttp(pipeline, limits, calls, pages, blocking)))
            .addTransportFilter(unsent.connections())
            .addStreamTracerFactory(unsent.calls())
            .addStreamTracerFactory(counts);
    listen.stream().skip(1).forEach(outside::addListenAddress);
    if (!limits.pingEvery().isZero()) {
      NettyServerBuilder _ =
          outside
              .keepAliveTime(limits.pingEvery().toNanos(), TimeUnit.NANOSECONDS)
              .keepAliveTimeout(limits.pingTimeout().toNanos(), TimeUnit.NANOSECONDS);
    }
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

  private void speakHttp(
      ChannelPipeline pipeline,
      ConnectionLimits limits,
      CallLimits calls,
      Pages pages,
      Executor blocking) {
    boolean _ = http.add(pipeline.channel());
    // Before gRPC's own last handler, which takes every message for an error.
    String last = pipeline.lastContext().name();
    pipeline
        .addBefore(last, null, idle(limits))
        .addBefore(last, null, new HttpServerCodec())
        .addBefore(last, null, new HttpObjectAggregator(calls.jsonBytes()))
        .addBefore(last, null, new HttpRequests(pages, gateway, blocking));
  }

  /** Of HTTP/1, where nobody can be asked whether he is there. */
  private static IdleStateHandler idle(ConnectionLimits limits) {
    long nanos = (limits.pingEvery().isZero() ? IDLE : limits.pingEvery()).toNanos();
    return new IdleStateHandler(true, IDLE.toNanos(), nanos, 0, TimeUnit.NANOSECONDS);
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
