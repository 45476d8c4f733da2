package io.cadastre.instanceaccess;

import java.io.IOException;
import java.net.Socket;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * The socket and the TLS of one connection on their way through a driver. Drivers name their hooks
 * by class, so the hooks find what they need here: bound to the thread that connects, for as long
 * as it does, and to be had once. A driver that wants another connection later gets none.
 */
final class Handover {

  private static final ScopedValue<Handover> CURRENT = ScopedValue.newInstance();

  private final AtomicReference<@Nullable Socket> socket;
  private final @Nullable TlsUpgrade tls;

  Handover(Socket socket, @Nullable TlsUpgrade tls) {
    this.socket = new AtomicReference<>(socket);
    this.tls = tls;
  }

  <T> T during(Callable<T> connect) throws Exception {
    return ScopedValue.where(CURRENT, this).call(connect::call);
  }

  static Socket takeSocket() throws IOException {
    Socket taken = CURRENT.isBound() ? CURRENT.get().socket.getAndSet(null) : null;
    if (taken == null) {
      throw new IOException("this connection has had its socket");
    }
    return taken;
  }

  static SSLSocket encrypt(Socket plain) throws IOException {
    TlsUpgrade tls = CURRENT.isBound() ? CURRENT.get().tls : null;
    if (tls == null) {
      throw new IOException("this connection is not to be encrypted");
    }
    return tls.wrap(plain);
  }
}
