package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.cadastre.kv.tls.TestAuthority;
import io.cadastre.kv.tls.TlsFiles;
import io.cadastre.localservers.FreePort;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/** A kube-apiserver without anything around it, and calls to it. */
final class KubeApiserver implements AutoCloseable {

  static final String CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";

  private static final String TOKEN = "let-me-in";

  private final Process process;
  private final HttpClient http;
  private final String address;

  KubeApiserver(String binary, Path directory, String endpoints, String... options)
      throws Exception {
    TestAuthority authority = new TestAuthority(directory);
    TlsFiles own = authority.issue("apiserver");
    Path users = directory.resolve("users.csv");
    Files.writeString(users, TOKEN + ",admin,1,\"system:masters\"\n", UTF_8);
    int port = FreePort.choose("apiserver", 0);
    address = "https://127.0.0.1:" + port;
    Stream<String> always =
        Stream.of(
            binary,
            "--etcd-servers=" + endpoints,
            "--bind-address=127.0.0.1",
            "--advertise-address=127.0.0.1",
            "--secure-port=" + port,
            "--cert-dir=" + directory,
            "--tls-cert-file=" + own.certificates(),
            "--tls-private-key-file=" + own.key(),
            "--service-account-key-file=" + own.certificates(),
            "--service-account-signing-key-file=" + own.key(),
            "--service-account-issuer=" + address,
            "--service-cluster-ip-range=10.0.0.0/24",
            "--disable-admission-plugins=ServiceAccount",
            "--token-auth-file=" + users);
    process =
        new ProcessBuilder(Stream.concat(always, Stream.of(options)).toList())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("apiserver.log").toFile())
            .start();
    http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(authority.context(null))
            .build();
    await()
        .atMost(Duration.ofMinutes(3))
        .ignoreExceptions()
        .failFast("see apiserver.log", () -> !process.isAlive())
        .until(() -> send("GET", "/readyz", "") == 200);
  }

  /** The status of the answer. */
  int send(String method, String path, String body) throws IOException, InterruptedException {
    return call(method, path, body).statusCode();
  }

  JsonObject get(String path) throws IOException, InterruptedException {
    return JsonParser.parseString(call("GET", path, "").body()).getAsJsonObject();
  }

  /** Changes of config maps from a version on, until the stream is closed. */
  Stream<JsonObject> watch(String version) throws IOException, InterruptedException {
    String path = CONFIG_MAPS + "?watch=1&resourceVersion=" + version;
    return http.send(request("GET", path, ""), BodyHandlers.ofLines())
        .body()
        .map(line -> JsonParser.parseString(line).getAsJsonObject());
  }

  private HttpResponse<String> call(String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(request(method, path, body), BodyHandlers.ofString());
  }

  private HttpRequest request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create(address + path))
        .header("Authorization", "Bearer " + TOKEN)
        .header("Content-Type", "application/json")
        .timeout(Duration.ofSeconds(90))
        .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
        .build();
  }

  @Override
  public void close() {
    http.shutdownNow();
    process.destroyForcibly();
  }
}
