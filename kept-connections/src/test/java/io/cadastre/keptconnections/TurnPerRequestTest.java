package io.cadastre.keptconnections;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

class TurnPerRequestTest {

  private static final String LATER = "GET /later HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String AT_ONCE = "GET /at-once HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String ANSWER = "HTTP/1.1 204 No Content";

  /** The second is kept back while the first is worked on elsewhere, then answered at once. */
  @Test
  void aConnectionIsReadOnAfterARequestThatWaitedForTheOneBefore() throws IOException {
    assertThat(twoThenOne(new TurnPerRequest()::apply, 30_000)).containsOnly(ANSWER).hasSize(3);
  }

  /** Once this fails, Reactor Netty is mended and the module may go. */
  @Test
  void withoutItTheThirdRequestWaitsForEver() {
    assertThatExceptionOfType(SocketTimeoutException.class)
        .isThrownBy(() -> twoThenOne(server -> server, 1_000));
  }

  private static List<String> twoThenOne(UnaryOperator<HttpServer> customized, int patienceMillis)
      throws IOException {
    DisposableServer server =
        customized
            .apply(HttpServer.create().host("127.0.0.1").port(0))
            .handle((request, response) ->
                request.uri().equals("/later")
                    ? Mono.fromRunnable(() -> {})
                        .subscribeOn(Schedulers.boundedElastic())
                        .then(response.status(204).send())
                    : response.status(204).send())
            .bindNow();
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.setSoTimeout(patienceMillis);
      var answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      send(socket, LATER + AT_ONCE);
      String first = status(answers);
      String second = status(answers);
      send(socket, AT_ONCE);
      return List.of(first, second, status(answers));
    } finally {
      server.disposeNow();
    }
  }

  private static void send(Socket socket, String requests) throws IOException {
    socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads one whole answer; it has no body. */
  private static String status(BufferedReader answers) throws IOException {
    String status = answers.readLine();
    while (!answers.readLine().isEmpty()) {
      // its headers
    }
    return status;
  }
}
