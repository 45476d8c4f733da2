package io.cadastre.kv.port;

import io.cadastre.kv.connection.OpenConnections;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.grpc.netty.InternalProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import java.util.function.Consumer;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Looks at a new connection and gives it to gRPC or to HTTP/1. Afterwards nothing of it is left in
 * gRPC's way.
 */
final class ProtocolChoice implements InternalProtocolNegotiator.ProtocolNegotiator {

  private static final AsciiString HTTP = AsciiString.of("http");
  private static final AsciiString HTTPS = AsciiString.of("https");

  private final @Nullable SslContext tls;
  private final OpenConnections open;
  private final Consumer<ChannelPipeline> http;

  /**
   * Makes it.
   *
   * @param http sets up a connection that speaks HTTP/1
   */
  ProtocolChoice(@Nullable SslContext tls, OpenConnections open, Consumer<ChannelPipeline> http) {
    this.tls = tls;
    this.open = open;
    this.http = http;
  }

  @Override
  public AsciiString scheme() {
    return tls == null ? HTTP : HTTPS;
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return tls == null ? new FirstBytes(this, grpc, null) : new TlsFirst(this, grpc, tls);
  }

  @Override
  public void close() {
    // It holds nothing.
  }

  /** Takes up a new connection; says whether it may stay. */
  boolean admits(Channel channel) {
    return open.admit(channel);
  }

  void toGrpc(
      ChannelHandler from,
      Channel channel,
      GrpcHttp2ConnectionHandler grpc,
      @Nullable SSLSession session) {
    Attributes.Builder attributes =
        Attributes.newBuilder()
            .set(Grpc.TRANSPORT_ATTR_LOCAL_ADDR, channel.localAddress())
            .set(Grpc.TRANSPORT_ATTR_REMOTE_ADDR, channel.remoteAddress());
    if (session != null) {
      attributes.set(Grpc.TRANSPORT_ATTR_SSL_SESSION, session);
    }
    ChannelPipeline pipeline = channel.pipeline();
    pipeline.replace(from, null, InternalProtocolNegotiators.grpcNegotiationHandler(grpc));
    pipeline.fireUserEventTriggered(
        InternalProtocolNegotiationEvent.withAttributes(
            InternalProtocolNegotiationEvent.getDefault(), attributes.build()));
  }

  void toHttp(ChannelHandler from, Channel channel, GrpcHttp2ConnectionHandler grpc) {
    // Otherwise gRPC would end a connection that does not become one of its own.
    grpc.notifyUnused();
    http.accept(channel.pipeline());
    channel.pipeline().remove(from);
  }
}
