package io.cadastre.instanceaccess;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import javax.net.ssl.SSLSocketFactory;

/**
 * Lets pgjdbc encrypt with {@link TlsUpgrade}. Public because the driver creates it by name; of no
 * use outside {@link InstanceAccess}.
 */
public final class PostgresqlTlsFactory extends SSLSocketFactory {

  /** For the driver. */
  public PostgresqlTlsFactory() {}

  @Override
  public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
      throws IOException {
    return Handover.encrypt(plain);
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

  @Override
  public String[] getDefaultCipherSuites() {
    return new String[0];
  }

  @Override
  public String[] getSupportedCipherSuites() {
    return new String[0];
  }

  private static IOException unchecked() {
    return new IOException("only a connection to the checked address is encrypted");
  }
}
