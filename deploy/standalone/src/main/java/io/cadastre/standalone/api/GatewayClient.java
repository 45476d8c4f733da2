package io.cadastre.standalone.api;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Speaks to a gateway with a bearer token, or signed in. */
public final class GatewayClient {
  private static final JsonMapper JSON = new JsonMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(90);

  private final HttpClient http;
  private final String base;
  private final Map<String, String> headers;

  private GatewayClient(HttpClient http, String base, Map<String, String> headers) {
    this.http = http;
    this.base = base;
    this.headers = headers;
  }

  /** As the owner of this token. */
  public static GatewayClient withToken(String base, String token) {
    return new GatewayClient(
        HttpClient.newHttpClient(), base, Map.of("Authorization", "Bearer " + token));
  }

  /** As this user, with a session of its own. */
  public static GatewayClient signIn(String base, String username, String password)
      throws IOException, InterruptedException {
    var http = HttpClient.newHttpClient();
    var anonymous = new GatewayClient(http, base, Map.of());
    var response =
        anonymous.exchange(
            "POST",
            "/api/v1/session",
            Map.of("username", username, "password", password),
            Map.of());
    String cookie = response.headers().firstValue("Set-Cookie").orElse("").split(";", 2)[0];
    String csrf = JSON.readTree(response.body()).path("csrf_token").asString("");
    return new GatewayClient(http, base, Map.of("Cookie", cookie, "X-CSRF-Token", csrf));
  }

  /** Whether the gateway answers that it is alive. */
  public static boolean answers(String base) throws InterruptedException {
    try {
      var response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(base + "/livez"))
                      .timeout(Duration.ofSeconds(5))
                      .build(),
                  HttpResponse.BodyHandlers.discarding());
      return response.statusCode() == 200;
    } catch (IOException _) {
      return false;
    }
  }

  /** A token of this name for the caller; it is shown this once. */
  public String createToken(String name, String role) throws IOException, InterruptedException {
    return post("/api/v1/tokens", Map.of("name", name, "role", role)).path("token").asString();
  }

  /** The instance of this name, if it is registered. */
  public Optional<JsonNode> findInstance(String name) throws IOException, InterruptedException {
    return items("/api/v1/instances?search=" + encoded(name)).stream()
        .filter(instance -> instance.path("name").asString("").equals(name))
        .findFirst();
  }

  /** All items of a list, page by page. */
  public List<JsonNode> items(String path) throws IOException, InterruptedException {
    var all = new ArrayList<JsonNode>();
    String cursor = "";
    do {
      String page =
          cursor.isEmpty()
              ? path
              : path + (path.contains("?") ? "&" : "?") + "cursor=" + encoded(cursor);
      JsonNode answer = get(page);
      answer.path("items").forEach(all::add);
      cursor = answer.path("next_cursor").asString("");
    } while (!cursor.isEmpty());
    return all;
  }

  /** Reads. */
  public JsonNode get(String path) throws IOException, InterruptedException {
    return JSON.readTree(exchange("GET", path, null, Map.of()).body());
  }

  /** Creates, or asks for work. */
  public JsonNode post(String path, Object body) throws IOException, InterruptedException {
    return JSON.readTree(exchange("POST", path, body, Map.of()).body());
  }

  /** Asks for work and waits for it. */
  public JsonNode postAndWait(String path, Duration limit)
      throws IOException, InterruptedException {
    return JSON.readTree(
        exchange("POST", path, null, Map.of("Prefer", "wait=" + limit.toSeconds())).body());
  }

  /** Replaces, whatever version is there. */
  public JsonNode put(String path, Object body) throws IOException, InterruptedException {
    return JSON.readTree(exchange("PUT", path, body, Map.of("If-Match", "*")).body());
  }

  /** Changes what is of this version. */
  public JsonNode patch(String path, Object body, String version)
      throws IOException, InterruptedException {
    return JSON.readTree(
        exchange(
                "PATCH",
                path,
                body,
                Map.of(
                    "If-Match",
                    "\"" + version + "\"",
                    "Content-Type",
                    "application/merge-patch+json"))
            .body());
  }

  private HttpResponse<String> exchange(
      String method, String path, @Nullable Object body, Map<String, String> more)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body)));
    if (body != null) {
      request.setHeader("Content-Type", "application/json");
    }
    headers.forEach(request::setHeader);
    more.forEach(request::setHeader);
    var response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    if (response.statusCode() >= 300) {
      throw new RefusedException(method + " " + path, response.statusCode(), response.body());
    }
    return response;
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
