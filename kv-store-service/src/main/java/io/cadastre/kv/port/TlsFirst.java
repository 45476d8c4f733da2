package io.cadastre.kv.port;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.util.Objects;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Waits until both sides know each other; then it goes by what they agreed to speak. */
final class TlsFirst extends ChannelInboundHandlerAdapter {

  private final ProtocolChoice choice;
  private final GrpcHttp2ConnectionHandler grpc;
  private final SslContext tls;
  private @Nullable SslHandler handshake;

  TlsFirst(ProtocolChoice choice, GrpcHttp2ConnectionHandler grpc, SslContext tls) {
    this.choice = choice;
    this.grpc = grpc;
    this.tls = tls;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    if (!choice.admits(context.channel())) {
      return;
    }
    handshake = tls.newHandler(context.alloc());
    context.pipeline().addBefore(context.name(), null, handshake);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    if (event instanceof SslHandshakeCompletionEvent done) {
      if (done.isSuccess()) {
        choose(context);
      } else {
        context.fireExceptionCaught(done.cause());
      }
    } else if (event.getClass() != InternalProtocolNegotiationEvent.getDefault().getClass()) {
      super.userEventTriggered(context, event);
    }
  }

  private void choose(ChannelHandlerContext context) {
    SslHandler tlsHandler = Objects.requireNonNull(handshake);
    SSLSession session = tlsHandler.engine().getSession();
    @Nullable String protocol = tlsHandler.applicationProtocol();
    if (ApplicationProtocolNames.HTTP_2.equals(protocol)) {
      choice.toGrpc(this, context.channel(), grpc, session);
    } else {
      context.pipeline().replace(this, null, new FirstBytes(choice, grpc, session));
    }
  }
}
