package io.cadastre.kv.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.util.Endpoint;
import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.tls.TestAuthority;
import io.cadastre.kv.tls.TlsFiles;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections to the peer port that are too many, or say nothing. */
final class PeerConnectionsTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int MOST = 4;

  @TempDir private Path directory;
  @RegisterExtension final Opened opened = new Opened();

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void moreThanAllowedAreClosedAndAMemberThatIsConnectedStays(boolean secured) throws Exception {
    TestAuthority authority = new TestAuthority(directory);
    PeerServer server = server(Duration.ofMinutes(10), secured ? authority.issue("m1") : null);
    PeerChannels channels = opened.add(new PeerChannels(secured ? authority.issue("m2") : null));
    PeerLink link = channels.link(new Endpoint(host(), server.boundPort()));
    awaitConnected(link);
    List<Socket> strangers = new ArrayList<>();
    for (int i = 0; i < MOST; i++) {
      strangers.add(connect(server));
    }
    // The last of them is one too many.
    awaitClosed(strangers.getLast());
    assertThat(link.isConnected()).isTrue();
    // There is room again when they are gone.
    for (Socket stranger : strangers) {
      stranger.close();
    }
    link.drop();
    awaitConnected(link);
  }

  @Test
  void whoSaysNothingIsClosed() throws Exception {
    PeerServer server = server(Duration.ofSeconds(1), null);
    awaitClosed(connect(server));
  }

  private static void awaitConnected(PeerLink link) {
    await()
        .atMost(LONG)
        .until(() -> {
          link.connect();
          return link.isConnected();
        });
  }

  private static void awaitClosed(Socket socket) throws IOException {
    socket.setSoTimeout((int) LONG.toMillis());
    try {
      while (socket.getInputStream().read() >= 0) {
        // What the other side says first, as HTTP/2 has it.
      }
    } catch (SocketException _) {
      // It was closed as if it had failed.
    }
  }

  private Socket connect(PeerServer server) throws IOException {
    return opened.add(new Socket(host(), server.boundPort()));
  }

  private PeerServer server(Duration beginWithin, @Nullable TlsFiles tls) throws IOException {
    ConnectionLimits limits =
        new ConnectionLimits(
            MOST, 1_000, 1 << 20, beginWithin, Duration.ofMinutes(10), Duration.ofSeconds(20));
    return opened.server(0, tls, limits);
  }

  private static String host() {
    return InetAddress.getLoopbackAddress().getHostAddress();
  }
}
