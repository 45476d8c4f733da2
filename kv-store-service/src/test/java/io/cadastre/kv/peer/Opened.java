package io.cadastre.kv.peer;

import io.cadastre.kv.connection.ConnectionLimits;
import io.cadastre.kv.tls.TlsFiles;
import io.grpc.BindableService;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What a test opened is closed after it. */
final class Opened implements AfterEachCallback {

  private final List<AutoCloseable> all = new ArrayList<>();

  <T extends AutoCloseable> T add(T opened) {
    all.add(opened);
    return opened;
  }

  /**
   * A server of this machine.
   *
   * @param port 0 = any
   */
  PeerServer server(
      int port, @Nullable TlsFiles tls, ConnectionLimits limits, BindableService... services)
      throws IOException {
    InetSocketAddress listen = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    PeerServer server = new PeerServer(List.of(listen), tls, limits, List.of(services));
    all.add(server::shutdown);
    boolean _ = server.init(null);
    return server;
  }

  @Override
  public void afterEach(ExtensionContext context) throws Exception {
    for (AutoCloseable each : all) {
      each.close();
    }
  }
}
