package io.cadastre.kv.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.alipay.sofa.jraft.util.Endpoint;
import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.localservers.FreePort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The way to a member that may be at one address or the other. */
final class PeerLinkTest {

  private static final Duration LONG = Duration.ofSeconds(60);
  private static final Endpoint NAMED = new Endpoint("a1", 1);

  @RegisterExtension final Opened opened = new Opened();

  @Test
  void whoListensOnlyAtTheSecondIsReachedThere() throws Exception {
    Two addresses = new Two(FreePort.choose("member", 0), server(0).boundPort());
    PeerLink link = link(addresses);
    awaitConnected(link);
    assertThat(addresses.isSecond()).isTrue();
  }

  @Test
  void whoSaysNothingAtTheFirstIsReachedAtTheSecond() throws Exception {
    Two addresses = new Two(deaf().getLocalPort(), server(0).boundPort());
    PeerLink link = link(addresses);
    awaitConnected(link);
    assertThat(addresses.isSecond()).isTrue();
  }

  @Test
  void whoComesBackAtTheFirstIsFoundAgain() throws Exception {
    PeerServer first = server(0);
    int second = FreePort.choose("member", 0);
    Two addresses = new Two(first.boundPort(), second);
    PeerLink link = link(addresses);
    awaitConnected(link);
    assertThat(addresses.isSecond()).isFalse();
    first.shutdown();
    await().atMost(LONG).until(() -> !link.isConnected());
    PeerServer _ = server(second);
    awaitConnected(link);
    assertThat(addresses.isSecond()).isTrue();
  }

  @Test
  void whoAnsweredIsLookedForWhereItWasWhenItsConnectionIsGivenUp() throws Exception {
    Two addresses = new Two(server(0).boundPort(), server(0).boundPort());
    PeerLink link = link(addresses);
    awaitConnected(link);
    link.drop();
    assertThat(link.isConnected()).isFalse();
    assertThat(addresses.isSecond()).isFalse();
    awaitConnected(link);
    assertThat(addresses.isSecond()).isFalse();
  }

  @Test
  void whoDidNotAnswerIsLookedForElsewhereWhenItsConnectionIsGivenUp() throws Exception {
    Two addresses = new Two(deaf().getLocalPort(), server(0).boundPort());
    PeerLink link = link(addresses);
    link.connect();
    link.drop();
    assertThat(addresses.isSecond()).isTrue();
    // There was none since: that says nothing of the second.
    link.drop();
    assertThat(addresses.isSecond()).isTrue();
  }

  private void awaitConnected(PeerLink link) {
    await()
        .atMost(LONG)
        .until(() -> {
          link.connect();
          return link.isConnected();
        });
  }

  private PeerLink link(Two addresses) throws IOException {
    return opened.add(new PeerChannels(null, addresses)).link(NAMED);
  }

  private PeerServer server(int port) throws IOException {
    return opened.server(port, null, ConnectionLimits.ofMembers());
  }

  /** Takes connections and says nothing. */
  private ServerSocket deaf() throws IOException {
    ServerSocket deaf = opened.add(new ServerSocket());
    deaf.bind(at(0));
    return deaf;
  }

  private static InetSocketAddress at(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Where the member may be. */
  private static final class Two implements PeerChannels.Addresses {

    private final int first;
    private final int second;
    private volatile boolean isSecond;

    Two(int first, int second) {
      this.first = first;
      this.second = second;
    }

    boolean isSecond() {
      return isSecond;
    }

    @Override
    public Endpoint now(Endpoint named) {
      String host = InetAddress.getLoopbackAddress().getHostAddress();
      return new Endpoint(host, isSecond ? second : first);
    }

    @Override
    public boolean next(Endpoint named) {
      isSecond = !isSecond;
      return true;
    }
  }
}
