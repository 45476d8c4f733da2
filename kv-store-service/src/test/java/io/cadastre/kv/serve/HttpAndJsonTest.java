package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.etcd.jetcd.ByteSequence;
import io.etcd.jetcd.Client;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the client port holds beside gRPC. */
final class HttpAndJsonTest {

  @TempDir private Path directory;
  private final HttpClient http = HttpClient.newHttpClient();
  private KvServer server;

  @BeforeEach
  void start() throws IOException {
    server =
        KvServer.start(
            TestMember.settings(
                directory.resolve("data"), new ClientSettings(null, false, false, true)));
  }

  @AfterEach
  void stop() throws IOException {
    http.shutdownNow();
    server.close();
  }

  @Test
  void healthVersionAndMetricsAreOnThePortOfGrpc() throws Exception {
    assertThat(get("/health")).isEqualTo("200 {\"health\":\"true\",\"reason\":\"\"}\n");
    assertThat(get("/health?serializable=true")).startsWith("200");
    assertThat(get("/livez")).isEqualTo("200 ok\n");
    assertThat(get("/livez?verbose")).isEqualTo("200 [+]serializable_read ok\nok\n");
    assertThat(get("/readyz?verbose&exclude=non_learner"))
        .isEqualTo(
            """
            200 [+]data_corruption ok
            [+]serializable_read ok
            [+]linearizable_read ok
            [+]non_learner excluded: ok
            ok
            """);
    assertThat(get("/readyz/linearizable_read")).isEqualTo("200 ok\n");
    assertThat(get("/readyz/luck")).startsWith("404");
    assertThat(get("/version")).contains("\"etcdserver\":\"3.6.0\"");
    assertThat(get("/")).startsWith("404");
  }

  @Test
  void anAlarmIsReadInHealthUnlessItIsExcluded() throws Exception {
    String alarm = "{\"action\":\"ACTIVATE\",\"memberID\":\"7\",\"alarm\":\"CORRUPT\"}";
    assertThat(post("/v3/maintenance/alarm", alarm)).startsWith("200");
    assertThat(get("/health"))
        .isEqualTo("503 {\"health\":\"false\",\"reason\":\"ALARM CORRUPT\"}\n");
    assertThat(get("/health?exclude=CORRUPT")).startsWith("200");
    assertThat(get("/readyz"))
        .startsWith("503 [-]data_corruption failed: alarm activated: CORRUPT\n");
    assertThat(get("/livez")).startsWith("200");
  }

  @Test
  void keysAreWrittenAndReadAsJson() throws Exception {
    JsonObject put = json(post("/v3/kv/put", "{\"key\":\"Zm9v\",\"value\":\"YmFy\"}"));
    assertThat(put.getAsJsonObject("header").get("revision").toString()).isEqualTo("\"2\"");
    JsonObject range = json(post("/v3/kv/range", "{\"key\":\"Zm9v\"}"));
    assertThat(range.get("count").toString()).isEqualTo("\"1\"");
    assertThat(range.has("more")).isFalse();
    assertThat(range.getAsJsonArray("kvs").get(0))
        .hasToString(
            "{\"key\":\"Zm9v\",\"create_revision\":\"2\",\"mod_revision\":\"2\",\"version\":\"1\","
                + "\"value\":\"YmFy\"}");
    assertThat(post("/v3/kv/range", "{\"key\":\"Zm9v\",\"serializable\":true,\"unheard\":1}"))
        .startsWith("200");
    String txn =
        "{\"compare\":[{\"target\":\"CREATE\",\"key\":\"Zm9v\",\"createRevision\":\"2\"}],"
            + "\"success\":[{\"requestPut\":{\"key\":\"Zm9v\",\"value\":\"YmF6\"}}]}";
    assertThat(json(post("/v3/kv/txn", txn)).get("succeeded").getAsBoolean()).isTrue();
    assertThat(json(post("/v3/kv/deleterange", "{\"key\":\"Zm9v\"}")).get("deleted"))
        .hasToString("\"1\"");
  }

  @Test
  void refusalsHaveTheirTextTheirCodeAndTheStatusOfHttp() throws Exception {
    assertThat(post("/v3/kv/put", "{}"))
        .startsWith("400 {\"error\":\"etcdserver: key is not provided\",\"code\":3,");
    assertThat(post("/v3/lease/revoke", "{\"ID\":\"77\"}"))
        .startsWith("404 {\"error\":\"etcdserver: requested lease not found\",\"code\":5,");
    assertThat(post("/v3/kv/put", "{\"key\":"))
        .startsWith("400 {\"error\":\"End of input at line 1 column 8 path $.key\"");
    assertThat(post("/v3/kv/put", "[1]")).startsWith("400 {\"error\":");
    assertThat(post("/v3/kv/put", "{\"key\":\"!\"}")).startsWith("400 {\"error\":");
    assertThat(post("/v3/kv/put", "{\"key\":\"YQ==\"}{\"key\":\"YQ==\"}")).startsWith("400");
    assertThat(post("/v3/kv/nothing", "{}")).startsWith("404 {\"error\":\"Not Found\",\"code\":5,");
    assertThat(get("/v3/kv/nothing")).startsWith("404");
    assertThat(get("/v3/kv/put")).startsWith("405");
    assertThat(post("/v3/kv/put", "{\"key\":\"" + "A".repeat(5 << 20) + "\"}")).startsWith("413");
    assertThat(get("/health")).startsWith("200");
  }

  @Test
  void aWatchIsALineForEachResponse() throws Exception {
    HttpResponse<InputStream> watch =
        http.send(
            request("/v3/watch", "{\"create_request\":{\"key\":\"Zm9v\"}}").build(),
            BodyHandlers.ofInputStream());
    assertThat(watch.statusCode()).isEqualTo(200);
    try (BufferedReader lines = new BufferedReader(new InputStreamReader(watch.body(), UTF_8))) {
      JsonObject created = JsonParser.parseString(lines.readLine()).getAsJsonObject();
      assertThat(created.getAsJsonObject("result").get("created").getAsBoolean()).isTrue();
      String _ = post("/v3/kv/put", "{\"key\":\"Zm9v\",\"value\":\"YmFy\"}");
      JsonObject put = JsonParser.parseString(lines.readLine()).getAsJsonObject();
      assertThat(put.getAsJsonObject("result").getAsJsonArray("events").get(0).toString())
          .contains("\"value\":\"YmFy\"");
    }
    // The client is gone, and so is its watcher.
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> get("/metrics").contains("\netcd_debugging_mvcc_watcher_total 0\n"));
  }

  @Test
  void streamsThatEndAreWhole() throws Exception {
    JsonObject lease = json(post("/v3/lease/grant", "{\"TTL\":\"60\"}"));
    String kept = post("/v3/lease/keepalive", "{\"ID\":\"" + lease.get("ID").getAsString() + "\"}");
    assertThat(json(kept).getAsJsonObject("result").get("TTL")).hasToString("\"60\"");
    String snapshot = post("/v3/maintenance/snapshot", "{}");
    long bytes = 0;
    for (String line : snapshot.substring(4).lines().toList()) {
      String blob =
          JsonParser.parseString(line)
              .getAsJsonObject()
              .getAsJsonObject("result")
              .get("blob")
              .getAsString();
      bytes += Base64.getDecoder().decode(blob).length;
    }
    assertThat(bytes % 512).isEqualTo(32);
  }

  @Test
  void whoCallsIsSaidInTheHeader() throws Exception {
    for (String[] step :
        new String[][] {
          {"user/add", "{\"name\":\"root\",\"password\":\"pass\"}"},
          {"role/add", "{\"name\":\"root\"}"},
          {"user/grant", "{\"user\":\"root\",\"role\":\"root\"}"},
          {"enable", "{}"}
        }) {
      assertThat(post("/v3/auth/" + step[0], step[1])).startsWith("200");
    }
    String put = "{\"key\":\"Zm9v\",\"value\":\"YmFy\"}";
    assertThat(post("/v3/kv/put", put)).startsWith("400").contains("user name is empty");
    String token =
        json(post("/v3/auth/authenticate", "{\"name\":\"root\",\"password\":\"pass\"}"))
            .get("token")
            .getAsString();
    HttpRequest known = request("/v3/kv/put", put).header("Authorization", token).build();
    assertThat(http.send(known, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    HttpRequest unknown = request("/v3/kv/put", put).header("Authorization", "x.1").build();
    assertThat(http.send(unknown, BodyHandlers.ofString()).statusCode()).isEqualTo(401);
  }

  @Test
  void requestsOnOneConnectionAreAnsweredInTheirOrder() throws Exception {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      String head = " HTTP/1.1\r\nHost: x\r\n";
      socket
          .getOutputStream()
          .write(
              ("GET /readyz"
                      + head
                      + "\r\nGET /nothing"
                      + head
                      + "\r\nGET /version"
                      + head
                      + "Connection: close\r\n\r\n")
                  .getBytes(UTF_8));
      String all = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(all.split("HTTP/1.1 ", -1))
          .satisfiesExactly(
              first -> assertThat(first).isEmpty(),
              ready -> assertThat(ready).startsWith("200").endsWith("ok\n"),
              nothing -> assertThat(nothing).startsWith("404"),
              version -> assertThat(version).startsWith("200").contains("etcdcluster"));
    }
  }

  @Test
  void callsAreCountedUnderTheNamesThatDashboardsRead() throws Exception {
    try (Client client = Client.builder().endpoints("http://127.0.0.1:" + server.port()).build()) {
      ByteSequence key = ByteSequence.from("a", UTF_8);
      var _ = client.getKVClient().put(key, key).get(60, TimeUnit.SECONDS);
    }
    assertThat(post("/v3/kv/put", "{}")).startsWith("400");
    String labels = "grpc_method=\"Put\",grpc_service=\"etcdserverpb.KV\",grpc_type=\"unary\"";
    await()
        .atMost(Duration.ofSeconds(30))
        .untilAsserted(() ->
            assertThat(get("/metrics"))
                .contains(
                    "\ngrpc_server_started_total{" + labels + "} 2\n",
                    "\ngrpc_server_handled_total{grpc_code=\"OK\"," + labels + "} 1\n",
                    "\ngrpc_server_handled_total{grpc_code=\"InvalidArgument\"," + labels,
                    "\ngrpc_server_handling_seconds_count{" + labels + "} 2\n"));
  }

  private String get(String path) throws Exception {
    return text(http.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString()));
  }

  private String post(String path, String body) throws Exception {
    return text(http.send(request(path, body).build(), BodyHandlers.ofString()));
  }

  private HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(uri(path))
        .version(HttpClient.Version.HTTP_1_1)
        .POST(HttpRequest.BodyPublishers.ofString(body));
  }

  private URI uri(String path) {
    return URI.create("http://127.0.0.1:" + server.port() + path);
  }

  private static String text(HttpResponse<String> response) {
    return response.statusCode() + " " + response.body();
  }

  private static JsonObject json(String answer) {
    assertThat(answer).startsWith("200 ");
    return JsonParser.parseString(answer.substring(4)).getAsJsonObject();
  }
}
