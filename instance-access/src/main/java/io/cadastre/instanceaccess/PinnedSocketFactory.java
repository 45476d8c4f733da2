package io.cadastre.instanceaccess;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.SocketFactory;

/**
 * Hands a driver the socket that is connected to the checked address. Public because drivers create
 * it by name; of no use outside {@link InstanceAccess}.
 */
public final class PinnedSocketFactory extends SocketFactory {

  /** For the drivers. */
  public PinnedSocketFactory() {}

  @Override
  public Socket createSocket() throws IOException {
    return Handover.takeSocket();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    throw unchecked();
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    throw unchecked();
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    throw unchecked();
  }

  @Override
  public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort)
      throws IOException {
    throw unchecked();
  }

  private static IOException unchecked() {
    return new IOException("only the checked address may be connected to");
  }
}
