package io.cadastre.kv.tls;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.RevocationServer;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** An authority of a test's own, with files like those of etcd's options. */
public final class TestAuthority {

  private final Path directory;
  private final X509Bundle authority;
  private final Map<String, X509Bundle> issuedTo = new ConcurrentHashMap<>();

  /** Makes one that writes into a directory. */
  public TestAuthority(Path directory) {
    this.directory = directory;
    try {
      authority =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=Authority of " + directory.getFileName())
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
      Files.createDirectories(directory);
      Files.writeString(authorities(), authority.getCertificatePEM());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** Who vouches. */
  public Path authorities() {
    return directory.resolve("ca.pem");
  }

  /** Certificate and key for a name; the certificate is good for this machine, on both sides. */
  public TlsFiles issue(String name) {
    return issue(name, "127.0.0.1", "localhost");
  }

  /** A list of what is revoked; it is written anew with every revocation. */
  public Path revoked() throws Exception {
    writeRevoked();
    return directory.resolve("revoked.crl");
  }

  /** The certificate of that name does not count any more. */
  public void revoke(String name) throws Exception {
    RevocationServer.getInstance()
        .revoke(Objects.requireNonNull(issuedTo.get(name)), Instant.now());
    writeRevoked();
  }

  private void writeRevoked() throws Exception {
    RevocationServer server = RevocationServer.getInstance();
    server.register(authority);
    try (InputStream list = server.getCrlUri(authority).toURL().openStream()) {
      Files.write(directory.resolve("revoked.crl"), list.readAllBytes());
    }
  }

  /** The same for another address. */
  public TlsFiles issue(String name, String address, String host) {
    try {
      X509Bundle issued =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=" + name)
              .addSanIpAddress(address)
              .addSanDnsName(host)
              .addExtendedKeyUsageServerAuth()
              .addExtendedKeyUsageClientAuth()
              .buildIssuedBy(authority);
      X509Bundle _ = issuedTo.put(name, issued);
      Path certificates = directory.resolve(name + ".pem");
      Path key = directory.resolve(name + "-key.pem");
      Files.writeString(certificates, issued.getCertificatePEM());
      Files.writeString(key, issued.getPrivateKeyPEM());
      return new TlsFiles(certificates, key, authorities(), true);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * For a client that is not gRPC's.
   *
   * @param shown null = nothing
   */
  public SSLContext context(@Nullable TlsFiles shown) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        shown == null ? null : new KeyManager[] {new FileKeys(shown.certificates(), shown.key())},
        new TrustManager[] {new FileTrust(authorities(), TlsRules.NONE)},
        null);
    return context;
  }
}
