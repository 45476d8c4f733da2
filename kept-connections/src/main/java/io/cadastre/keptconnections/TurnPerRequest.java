package io.cadastre.keptconnections;

import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.server.HttpServer;

/**
 * Begins to handle a request in a turn of its own of the connection's event loop.
 *
 * <p>A client may send its next request as soon as it has the answer, which is before the server is
 * done with the last one; Reactor Netty keeps that request back and hands it over a little later.
 * Answered within that same turn (a 401 needs no database), the connection is never read again and
 * the request after that waits for ever: reactor-netty issue 4361, open in every 1.3 up to 1.3.7.
 *
 * <p>A service imports it; its management port has it too.
 */
public final class TurnPerRequest implements NettyServerCustomizer {

  @Override
  public HttpServer apply(HttpServer server) {
    return server.mapHandle((handling, connection) ->
        handling.subscribeOn(Schedulers.fromExecutor(connection.channel().eventLoop())));
  }
}
