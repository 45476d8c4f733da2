package io.cadastre.kv.peer;

import io.cadastre.kv.connection.OpenConnections;
import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiator.ProtocolNegotiator;
import io.grpc.netty.InternalProtocolNegotiators;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/** Closes connections that are too many before anything is done for them. */
final class Admission implements ProtocolNegotiator {

  private final ProtocolNegotiator admitted;
  private final OpenConnections open;

  /**
   * Makes it.
   *
   * @param tls null = in the clear
   */
  Admission(@Nullable SslContext tls, OpenConnections open) {
    this.admitted =
        tls == null
            ? InternalProtocolNegotiators.serverPlaintext()
            : InternalProtocolNegotiators.serverTls(tls);
    this.open = open;
  }

  @Override
  public AsciiString scheme() {
    return admitted.scheme();
  }

  @Override
  public ChannelHandler newHandler(GrpcHttp2ConnectionHandler grpc) {
    return new Door(open, admitted.newHandler(grpc));
  }

  @Override
  public void close() {
    admitted.close();
  }

  private static final class Door extends ChannelInboundHandlerAdapter {

    private final OpenConnections open;
    private final ChannelHandler behind;

    Door(OpenConnections open, ChannelHandler behind) {
      this.open = open;
      this.behind = behind;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      if (open.admit(context.channel())) {
        var _ = context.pipeline().replace(this, null, behind);
      }
    }
  }
}
