package io.cadastre.instanceaccess;

import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.TlsMode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS on a connected socket when a driver has agreed on it with the server. The same for every
 * driver, so that a mode means the same for every engine, and the name that is verified is the
 * registered one.
 */
final class TlsUpgrade {

  private final SSLContext context;
  private final InstanceConnection instance;
  private boolean started;

  private TlsUpgrade(SSLContext context, InstanceConnection instance) {
    this.context = context;
    this.instance = instance;
  }

  /** For one connection; null where the mode is {@link TlsMode#DISABLED}. */
  static @Nullable TlsUpgrade forMode(InstanceConnection instance) throws InstanceAccessException {
    if (instance.tlsMode() == TlsMode.DISABLED) {
      return null;
    }
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trustManagers(instance), null);
      return new TlsUpgrade(context, instance);
    } catch (GeneralSecurityException | IOException e) {
      throw InstanceAccessException.of(
          FailureCode.TLS_FAILED,
          "the CA certificate registered for the instance cannot be read",
          false);
    }
  }

  private static TrustManager[] trustManagers(InstanceConnection instance)
      throws GeneralSecurityException, IOException {
    if (instance.tlsMode() == TlsMode.REQUIRED) {
      return new TrustManager[] {new AnyCertificate()};
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    String pem = instance.caCertificate();
    factory.init(pem == null ? null : authorities(pem));
    return factory.getTrustManagers();
  }

  private static KeyStore authorities(String pem) throws GeneralSecurityException, IOException {
    Collection<? extends Certificate> certificates =
        CertificateFactory.getInstance("X.509")
            .generateCertificates(new ByteArrayInputStream(pem.getBytes(StandardCharsets.UTF_8)));
    if (certificates.isEmpty()) {
      throw new CertificateException("no certificate");
    }
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (Certificate certificate : certificates) {
      store.setCertificateEntry("ca-" + store.size(), certificate);
    }
    return store;
  }

  /** An encrypted socket over {@code plain}; the driver starts the handshake. */
  SSLSocket wrap(Socket plain) throws IOException {
    started = true;
    // A trailing dot is for the resolver; no certificate has it.
    String name = instance.host().replaceFirst("\\.$", "");
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, name, instance.port(), true);
    if (instance.tlsMode() == TlsMode.VERIFY_FULL) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      socket.setSSLParameters(parameters);
    }
    return socket;
  }

  /** Whether the server agreed to encrypt. */
  boolean started() {
    return started;
  }

  /** For {@link TlsMode#REQUIRED}, which asks for encryption and no proof of who is there. */
  private static final class AnyCertificate extends X509ExtendedTrustManager {

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type)
        throws CertificateException {
      throw new CertificateException("this end is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
        throws CertificateException {
      throw new CertificateException("this end is no server");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
        throws CertificateException {
      throw new CertificateException("this end is no server");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
