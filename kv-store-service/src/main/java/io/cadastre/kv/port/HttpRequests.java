package io.cadastre.kv.port;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.grpc.Status;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.timeout.IdleState;
import io.netty.handler.timeout.IdleStateEvent;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one connection, one after the other. */
final class HttpRequests extends SimpleChannelInboundHandler<FullHttpRequest> {

  private final Pages pages;
  private final JsonGateway gateway;
  private final Executor blocking;
  private final Queue<FullHttpRequest> next = new ArrayDeque<>();
  private boolean busy;
  private @Nullable JsonCall running;

  HttpRequests(Pages pages, JsonGateway gateway, Executor blocking) {
    super(false);
    this.pages = pages;
    this.gateway = gateway;
    this.blocking = blocking;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
    next.add(request);
    if (busy) {
      // Enough for now. Otherwise it goes on reading: so it is seen when a client leaves.
      var _ = context.channel().config().setAutoRead(false);
    } else {
      begin(context);
    }
  }

  /** One at a time: answers have to come in the order of the requests. */
  private void begin(ChannelHandlerContext context) {
    FullHttpRequest request = next.poll();
    busy = request != null;
    var _ = context.channel().config().setAutoRead(next.isEmpty());
    if (request == null) {
      return;
    }
    try {
      answer(context, request);
    } finally {
      boolean _ = request.release();
    }
  }

  private void answer(ChannelHandlerContext context, FullHttpRequest request) {
    boolean keep = HttpUtil.isKeepAlive(request) && request.decoderResult().isSuccess();
    if (!request.decoderResult().isSuccess()) {
      send(context, Page.text(HttpResponseStatus.BAD_REQUEST.code(), "400 bad request\n"), false);
      return;
    }
    QueryStringDecoder uri = new QueryStringDecoder(request.uri());
    String path = uri.rawPath();
    if (gateway.serves(path)) {
      if (!request.method().equals(HttpMethod.POST)) {
        int status = HttpResponseStatus.METHOD_NOT_ALLOWED.code();
        send(
            context,
            Page.json(status, JsonGateway.error(Status.Code.UNIMPLEMENTED, "Method Not Allowed")),
            keep);
        return;
      }
      running =
          gateway.call(
              path,
              request.content().toString(UTF_8),
              request.headers().get(HttpHeaderNames.AUTHORIZATION),
              new HttpAnswer(context, keep, (sent, kept) -> whenSent(context, sent, kept)));
      return;
    }
    if (path.startsWith(JsonGateway.ROOT)) {
      int status = HttpResponseStatus.NOT_FOUND.code();
      send(context, Page.json(status, JsonGateway.error(Status.Code.NOT_FOUND, "Not Found")), keep);
      return;
    }
    if (!request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD)) {
      int status = HttpResponseStatus.METHOD_NOT_ALLOWED.code();
      send(context, Page.text(status, "Method Not Allowed\n"), keep);
      return;
    }
    var query = uri.parameters();
    blocking.execute(() -> {
      Page page = page(path, query);
      context.executor().execute(() -> send(context, page, keep));
    });
  }

  private Page page(String path, java.util.Map<String, java.util.List<String>> query) {
    try {
      return pages.page(path, query);
    } catch (RuntimeException e) {
      System.getLogger(HttpRequests.class.getName()).log(System.Logger.Level.ERROR, path, e);
      return Page.text(HttpResponseStatus.INTERNAL_SERVER_ERROR.code(), e + "\n");
    }
  }

  private void send(ChannelHandlerContext context, Page page, boolean keep) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1,
            HttpResponseStatus.valueOf(page.status()),
            Unpooled.copiedBuffer(page.text(), UTF_8));
    response.headers().set(HttpHeaderNames.CONTENT_TYPE, page.type());
    HttpUtil.setContentLength(response, response.content().readableBytes());
    HttpUtil.setKeepAlive(response, keep);
    whenSent(context, context.writeAndFlush(response), keep);
  }

  /** The next request waits until the client took this answer: else answers would pile up here. */
  private void whenSent(ChannelHandlerContext context, ChannelFuture sent, boolean keep) {
    running = null;
    var _ =
        sent.addListener(written -> {
          if (keep && written.isSuccess()) {
            begin(context);
          } else {
            var _ = context.close();
          }
        });
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (running != null) {
      running.cancel();
    }
    for (FullHttpRequest request : next) {
      boolean _ = request.release();
    }
    next.clear();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent idle
        && (idle.state() == IdleState.WRITER_IDLE ? takesNothing(context, idle) : !busy)) {
      var _ = context.close();
    }
  }

  /** The first of these events may also come while the client takes a long answer slowly. */
  private static boolean takesNothing(ChannelHandlerContext context, IdleStateEvent idle) {
    ChannelOutboundBuffer unsent = context.channel().unsafe().outboundBuffer();
    return !idle.isFirst() && unsent != null && unsent.totalPendingWriteBytes() > 0;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
    // Garbage, or a client that went: nobody is left to tell.
    var _ = context.close();
  }
}
