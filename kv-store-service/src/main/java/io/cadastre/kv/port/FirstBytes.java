package io.cadastre.kv.port;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.grpc.netty.GrpcHttp2ConnectionHandler;
import io.grpc.netty.InternalProtocolNegotiationEvent;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/** Tells HTTP/2 from HTTP/1 by how a connection begins. */
final class FirstBytes extends ByteToMessageDecoder {

  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);

  private final ProtocolChoice choice;
  private final GrpcHttp2ConnectionHandler grpc;
  private final @Nullable SSLSession session;

  FirstBytes(ProtocolChoice choice, GrpcHttp2ConnectionHandler grpc, @Nullable SSLSession session) {
    this.choice = choice;
    this.grpc = grpc;
    this.session = session;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    // With TLS it was counted before.
    if (session == null) {
      boolean _ = choice.admits(context.channel());
    }
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf read, List<Object> out) {
    int seen = Math.min(read.readableBytes(), PREFACE.length);
    for (int i = 0; i < seen; i++) {
      if (read.getByte(read.readerIndex() + i) != PREFACE[i]) {
        choice.toHttp(this, context.channel(), grpc);
        return;
      }
    }
    if (seen == PREFACE.length) {
      choice.toGrpc(this, context.channel(), grpc, session);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
    // gRPC's start, which is told again when it is its turn.
    if (event.getClass() != InternalProtocolNegotiationEvent.getDefault().getClass()) {
      super.userEventTriggered(context, event);
    }
  }
}
