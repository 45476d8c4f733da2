package io.cadastre.kv.port;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.BiConsumer;

/** A response in as many pieces as there are. Only the connection's own thread uses it. */
final class HttpAnswer {

  private final ChannelHandlerContext context;
  private final boolean keep;
  private final BiConsumer<ChannelFuture, Boolean> whenSent;
  private boolean begun;

  /**
   * Makes one.
   *
   * @param keep whether the connection is kept
   * @param whenSent is given the last that was written, and whether the connection is kept
   */
  HttpAnswer(
      ChannelHandlerContext context, boolean keep, BiConsumer<ChannelFuture, Boolean> whenSent) {
    this.context = context;
    this.keep = keep;
    this.whenSent = whenSent;
  }

  /** Runs something where the rest may be called. */
  void run(Runnable step) {
    context.executor().execute(step);
  }

  boolean isBegun() {
    return begun;
  }

  void begin(int status) {
    begun = true;
    HttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, "application/json");
    HttpUtil.setTransferEncodingChunked(response, true);
    HttpUtil.setKeepAlive(response, keep);
    var _ = context.write(response);
  }

  /**
   * Sends a piece.
   *
   * @param whenSent run when the client took it, so that one that does not read is not sent more
   */
  void piece(String text, Runnable whenSent) {
    ChannelFuture sent =
        context.writeAndFlush(new DefaultHttpContent(Unpooled.copiedBuffer(text, UTF_8)));
    var _ =
        sent.addListener(written -> {
          if (written.isSuccess()) {
            whenSent.run();
          }
        });
  }

  void end() {
    whenSent.accept(context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT), keep);
  }
}
