package io.cadastre.gateway.keepalive;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.GatewayTest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

@GatewayTest
class TurnPerRequestTest {

  private static final String LOOKED_UP =
      "GET /api/v1/instances HTTP/1.1\r\nHost: gateway\r\nAuthorization: Bearer cad_none\r\n\r\n";
  private static final String ANSWERED_AT_ONCE =
      "GET /api/v1/instances HTTP/1.1\r\nHost: gateway\r\n\r\n";

  private static final String REFUSED = "HTTP/1.1 401 Unauthorized";

  private final Api api;

  TurnPerRequestTest(Api api) {
    this.api = api;
  }

  /** The second is kept back while the first waits for the database, then answered at once. */
  @Test
  void aConnectionIsReadOnAfterARequestThatWaitedForTheOneBefore() throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), api.port())) {
      socket.setSoTimeout(30_000);
      var answers =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

      send(socket, LOOKED_UP + ANSWERED_AT_ONCE);
      assertThat(List.of(status(answers), status(answers))).containsOnly(REFUSED);

      send(socket, ANSWERED_AT_ONCE);
      assertThat(status(answers)).isEqualTo(REFUSED);
    }
  }

  private static void send(Socket socket, String requests) throws IOException {
    socket.getOutputStream().write(requests.getBytes(StandardCharsets.US_ASCII));
  }

  /** Reads one whole answer. */
  private static String status(BufferedReader answers) throws IOException {
    String status = answers.readLine();
    int length = 0;
    for (String line = answers.readLine(); !line.isEmpty(); line = answers.readLine()) {
      if (line.regionMatches(true, 0, "content-length:", 0, 15)) {
        length = Integer.parseInt(line.substring(15).strip());
      }
    }
    for (int read = 0; read < length; read++) {
      answers.read();
    }
    return status;
  }
}
