package io.cadastre.kv.port;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executor;

/** Serves pages, and nothing else, on a port of their own. */
public final class PagesServer implements AutoCloseable {

  private final HttpServer server;
  private final Pages pages;

  /** Serves from now on. */
  public PagesServer(InetSocketAddress listen, Pages pages, Executor blocking) throws IOException {
    this.pages = pages;
    server = HttpServer.create(listen, 0);
    server.setExecutor(blocking);
    var _ = server.createContext("/", this::answer);
    server.start();
  }

  /** Where it listens. */
  public int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      QueryStringDecoder uri = new QueryStringDecoder(exchange.getRequestURI().toString());
      Page page = pages.page(uri.rawPath(), uri.parameters());
      byte[] body = page.text().getBytes(StandardCharsets.UTF_8);
      exchange.getResponseHeaders().set("Content-Type", page.type());
      exchange.sendResponseHeaders(page.status(), body.length);
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
