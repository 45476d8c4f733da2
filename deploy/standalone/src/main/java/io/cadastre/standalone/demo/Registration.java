package io.cadastre.standalone.demo;

import io.cadastre.standalone.api.GatewayClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Registers a demo server through the REST API, as a person or a program would, and syncs it. */
final class Registration {
  private static final Duration SYNC_LIMIT = Duration.ofSeconds(60);

  private final GatewayClient gateway;

  Registration(GatewayClient gateway) {
    this.gateway = gateway;
  }

  /** A server that is registered already is only told of what has changed: its port may have. */
  JsonNode register(DemoServer server, String password) throws IOException, InterruptedException {
    Optional<JsonNode> known = gateway.findInstance(server.name());
    if (known.isEmpty()) {
      return gateway.post(
          "/api/v1/instances",
          Map.of(
              "name", server.name(),
              "engine", server.engine(),
              "host", "127.0.0.1",
              "port", server.port(),
              "username", DemoServer.ACCOUNT,
              "password", password,
              "tls", Map.of("mode", "disabled"),
              "tags", Map.of("environment", "demo")));
    }
    JsonNode instance = known.get();
    if (instance.path("port").asInt() == server.port()) {
      return instance;
    }
    return gateway.patch(
        "/api/v1/instances/" + id(instance),
        // Where a known password would go elsewhere the gateway wants to be told it again.
        Map.of("port", server.port(), "password", password),
        instance.path("version").asString());
  }

  /** Finds and measures its databases; returns the operation as it ended. */
  JsonNode sync(JsonNode instance) throws IOException, InterruptedException {
    return gateway.postAndWait("/api/v1/instances/" + id(instance) + "/sync-all", SYNC_LIMIT);
  }

  List<JsonNode> databases(JsonNode instance) throws IOException, InterruptedException {
    return gateway.items("/api/v1/instances/" + id(instance) + "/databases?state=active&limit=200");
  }

  private static String id(JsonNode instance) {
    return instance.path("id").asString();
  }
}
