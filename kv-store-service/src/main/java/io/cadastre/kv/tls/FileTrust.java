package io.cadastre.kv.tls;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** The authorities in a file, and what is asked for beyond them. */
final class FileTrust extends X509ExtendedTrustManager {

  private final Reloaded<Trust> trust;

  /** As it is now. */
  private record Trust(X509ExtendedTrustManager authorities, CallerCheck check) {}

  /** A step that may refuse. */
  @FunctionalInterface
  private interface Step {
    void run(X509ExtendedTrustManager authorities) throws CertificateException;
  }

  FileTrust(Path authorities, TlsRules rules) throws IOException, GeneralSecurityException {
    Path revoked = rules.revoked();
    trust =
        new Reloaded<>(
            () -> new Trust(read(authorities), new CallerCheck(rules)),
            revoked == null ? new Path[] {authorities} : new Path[] {authorities, revoked});
  }

  private static X509ExtendedTrustManager read(Path authorities)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    int number = 0;
    for (X509Certificate authority : PemFiles.certificates(authorities)) {
      store.setCertificateEntry("authority " + number++, authority);
    }
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return (X509ExtendedTrustManager) factory.getTrustManagers()[0];
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    checkCaller(chain, authorities -> authorities.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    CallerCheck _ =
        checkCalled(chain, authorities -> authorities.checkServerTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    checkCaller(chain, authorities -> authorities.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    CallerCheck _ =
        checkCalled(chain, authorities -> authorities.checkServerTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    checkCaller(chain, authorities -> authorities.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    CallerCheck _ = checkCalled(chain, authorities -> authorities.checkServerTrusted(chain, type));
  }

  private void checkCaller(X509Certificate[] chain, Step step) throws CertificateException {
    checkCalled(chain, step).requireKnown(chain);
  }

  private CallerCheck checkCalled(X509Certificate[] chain, Step step) throws CertificateException {
    Trust now = trust.fresh();
    step.run(now.authorities);
    now.check.requireValid(chain);
    return now.check;
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return trust.current().authorities.getAcceptedIssuers();
  }
}
