package io.cadastre.kv.serve;

import static io.cadastre.kv.serve.TestCluster.bytes;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cadastre.kv.tls.TestAuthority;
import io.cadastre.kv.tls.TlsFiles;
import io.etcd.jetcd.Client;
import io.etcd.jetcd.auth.Permission;
import io.etcd.jetcd.options.PutOption;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A member that speaks TLS with its clients and knows them by their certificates. */
final class ClientTlsTest {

  @TempDir private Path directory;
  private TestAuthority authority;
  private KvServer server;

  @BeforeEach
  void start() throws IOException {
    authority = new TestAuthority(directory.resolve("own"));
    server =
        KvServer.start(
            TestMember.settings(
                directory.resolve("data"),
                new ClientSettings(authority.issue("server"), true, false, false)));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  @Test
  void theNameInACertificateIsTheUser() throws Exception {
    try (Client root = client(authority.issue("root"));
        Client alice = client(authority.issue("alice"));
        Client nobody = client(authority.issue("nobody"))) {
      put(alice, "before");
      var auth = root.getAuthClient();
      for (String user : List.of("root", "alice")) {
        done(auth.userAdd(bytes(user), bytes("unused")));
        done(auth.roleAdd(bytes(user)));
        done(auth.userGrantRole(bytes(user), bytes(user)));
      }
      done(
          auth.roleGrantPermission(
              bytes("alice"), bytes("a"), bytes("b"), Permission.Type.READWRITE));
      done(auth.authEnable());
      put(alice, "allowed");
      assertThatThrownBy(() -> put(alice, "other"))
          .hasStackTraceContaining("etcdserver: permission denied");
      assertThatThrownBy(() -> put(nobody, "allowed"))
          .hasStackTraceContaining("etcdserver: permission denied");
      put(root, "other");
      done(auth.authDisable());
    }
  }

  @Test
  void whoShowsNoCertificateOrAForeignOneIsRefused() throws Exception {
    TlsFiles stranger = new TestAuthority(directory.resolve("foreign")).issue("root");
    for (@Nullable TlsFiles shown : new TlsFiles[] {null, stranger}) {
      assertThatThrownBy(
              () -> https(authority.context(shown), "GET /health HTTP/1.1\r\nHost: x\r\n\r\n"))
          .isInstanceOf(IOException.class);
    }
    try (Client known = client(authority.issue("root"))) {
      put(known, "a");
    }
  }

  @Test
  void healthAndJsonAreBehindTheSameLock() throws Exception {
    assertThat(https("GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .endsWith("{\"health\":\"true\",\"reason\":\"\"}\n");
    String body = "{\"key\":\"Zm9v\",\"value\":\"YmFy\"}";
    assertThat(
            https(
                "POST /v3/kv/put HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body))
        .startsWith("HTTP/1.1 200 OK\r\n")
        .contains("\"revision\":\"2\"");
  }

  @Test
  void whoSpeaksBothVersionsOfHttpReadsPages() throws Exception {
    SSLContext context = authority.context(authority.issue("probe"));
    URI health = URI.create("https://127.0.0.1:" + server.port() + "/health");
    try (HttpClient http = HttpClient.newBuilder().sslContext(context).build()) {
      HttpRequest request =
          HttpRequest.newBuilder(health).version(HttpClient.Version.HTTP_2).build();
      assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
          .isEqualTo("{\"health\":\"true\",\"reason\":\"\"}\n");
    }
  }

  @Test
  void whoSpeaksInTheClearIsHungUpOn() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write("GET /health HTTP/1.1\r\n\r\n".getBytes(UTF_8));
      assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8)).doesNotContain("200");
    }
  }

  @Test
  void etcdctlSpeaksTlsWithIt() throws Exception {
    assumeTrue(Etcdctl.isInstalled("etcdctl"), "etcdctl is not installed");
    TlsFiles files = authority.issue("root");
    try (Etcdctl etcdctl =
        new Etcdctl(
            "https://127.0.0.1:" + server.port(),
            "--cacert=" + authority.authorities(),
            "--cert=" + files.certificates(),
            "--key=" + files.key())) {
      assertThat(etcdctl.run("put", "a", "1")).isEqualTo("OK\n");
      assertThat(etcdctl.run("get", "a")).isEqualTo("a\n1\n");
      assertThat(etcdctl.run("member", "list")).contains("https://");
    }
  }

  private String https(String request) throws Exception {
    return https(authority.context(authority.issue("browser")), request);
  }

  private String https(SSLContext context, String request) throws Exception {
    try (Socket socket =
        context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), server.port())) {
      OutputStream out = socket.getOutputStream();
      out.write(request.getBytes(UTF_8));
      out.flush();
      return new String(socket.getInputStream().readAllBytes(), UTF_8);
    }
  }

  private Client client(TlsFiles shown) throws IOException {
    return Client.builder()
        .endpoints("https://127.0.0.1:" + server.port())
        .sslContext(ssl -> {
          var _ = ssl.trustManager(authority.authorities().toFile());
          if (shown != null) {
            var _ = ssl.keyManager(shown.certificates().toFile(), shown.key().toFile());
          }
        })
        .build();
  }

  private static void put(Client client, String key) throws Exception {
    done(client.getKVClient().put(bytes(key), bytes("1"), PutOption.DEFAULT));
  }

  private static void done(CompletableFuture<?> future) throws Exception {
    var _ = TestCluster.done(future);
  }
}
