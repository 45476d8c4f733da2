package io.cadastre.kv.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.kv.tls.TestAuthority;
import io.cadastre.kv.tls.TlsFiles;
import io.cadastre.kv.tls.TlsRules;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that somebody vouches for, and that are refused all the same. */
final class ClientTlsRulesTest {

  @TempDir private Path directory;
  private TestAuthority authority;
  private KvServer server;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority(directory.resolve("authority"));
    TlsFiles files = authority.issue("server");
    TlsRules rules =
        new TlsRules(
            authority.revoked(),
            List.of(),
            List.of("a.example.org", "localhost"),
            List.of("TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"),
            TlsRules.protocols("TLS1.2", ""));
    server =
        KvServer.start(
            TestMember.settings(
                directory.resolve("data"),
                new ClientSettings(
                    new TlsFiles(
                        files.certificates(), files.key(), files.authorities(), true, rules),
                    false,
                    false,
                    false)));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void aRevokedCertificateIsRefusedFromTheNextConnectionOn() throws Exception {
    TlsFiles alice = authority.issue("alice");
    TlsFiles bob = authority.issue("bob");
    assertThat(health(alice)).startsWith("HTTP/1.1 200");
    authority.revoke("alice");
    assertThatThrownBy(() -> health(alice)).isInstanceOf(IOException.class);
    assertThat(health(bob)).startsWith("HTTP/1.1 200");
  }

  @Test
  void aCertificateForOtherNamesIsRefused() throws Exception {
    assertThat(health(authority.issue("near", "10.0.0.1", "a.example.org")))
        .startsWith("HTTP/1.1 200");
    for (String host : List.of("example.org", "b.example.org", "b.a.example.org")) {
      assertThatThrownBy(() -> health(authority.issue("far", "10.0.0.1", host)))
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void onlyTheCiphersThatWereGivenAreSpoken() throws Exception {
    TlsFiles files = authority.issue("client");
    assertThat(health(files, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"))
        .startsWith("HTTP/1.1 200");
    assertThatThrownBy(() -> health(files, "TLSv1.2", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"))
        .isInstanceOf(IOException.class);
    assertThat(health(files, "TLSv1.3", "TLS_AES_128_GCM_SHA256")).startsWith("HTTP/1.1 200");
  }

  @Test
  void aRenewedCertificateIsShownWithoutARestart() throws Exception {
    TlsFiles files = authority.issue("client");
    String before = shown(files);
    TlsFiles _ = authority.issue("server");
    assertThat(shown(files)).isNotEqualTo(before);
  }

  private String shown(TlsFiles files) throws Exception {
    try (SSLSocket socket = connect(files)) {
      socket.startHandshake();
      X509Certificate own = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      return own.getSerialNumber().toString(16);
    }
  }

  private String health(TlsFiles files) throws Exception {
    try (SSLSocket socket = connect(files)) {
      return health(socket);
    }
  }

  private String health(TlsFiles files, String protocol, String cipher) throws Exception {
    try (SSLSocket socket = connect(files)) {
      socket.setEnabledProtocols(new String[] {protocol});
      socket.setEnabledCipherSuites(new String[] {cipher});
      return health(socket);
    }
  }

  private static String health(SSLSocket socket) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(
        "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
            .getBytes(StandardCharsets.UTF_8));
    out.flush();
    return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  private SSLSocket connect(TlsFiles files) throws Exception {
    return (SSLSocket)
        authority
            .context(files)
            .getSocketFactory()
            .createSocket(InetAddress.getLoopbackAddress(), server.port());
  }
}
