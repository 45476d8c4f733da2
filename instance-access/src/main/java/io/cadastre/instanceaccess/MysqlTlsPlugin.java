package io.cadastre.instanceaccess;

import java.io.IOException;
import java.net.Socket;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.mariadb.jdbc.Configuration;
import org.mariadb.jdbc.HostAddress;
import org.mariadb.jdbc.export.ExceptionFactory;
import org.mariadb.jdbc.plugin.TlsSocketPlugin;

/**
 * Lets MariaDB's driver encrypt with {@link TlsUpgrade}. Public because the driver finds it as a
 * service; of no use outside {@link InstanceAccess}.
 */
public final class MysqlTlsPlugin implements TlsSocketPlugin {

  static final String TYPE = "CADASTRE";

  /** For the driver. */
  public MysqlTlsPlugin() {}

  @Override
  public String type() {
    return TYPE;
  }

  @Override
  public TrustManager[] getTrustManager(
      Configuration configuration, ExceptionFactory exceptions, HostAddress address) {
    return new TrustManager[0];
  }

  @Override
  public KeyManager[] getKeyManager(Configuration configuration, ExceptionFactory exceptions) {
    return new KeyManager[0];
  }

  /** Passes over the driver's own factory, which trusts by its own rules. */
  @Override
  public SSLSocket createSocket(Socket plain, SSLSocketFactory unused) throws IOException {
    return Handover.encrypt(plain);
  }

  /** Nothing left to check: the handshake has verified the name where the mode asks for it. */
  @Override
  public void verify(String host, SSLSession session, long serverThreadId) {}
}
