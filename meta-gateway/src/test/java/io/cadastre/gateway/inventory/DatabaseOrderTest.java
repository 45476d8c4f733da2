package io.cadastre.gateway.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import io.cadastre.gateway.fixture.ScriptedInstance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@GatewayTest
class DatabaseOrderTest {

  private static final FakeWorker WORKER = new FakeWorker();

  private final Api api;
  private final long instance = Instances.register();

  DatabaseOrderTest(Api api) {
    this.api = api;
  }

  @AfterAll
  static void stop() {
    WORKER.close();
  }

  @Test
  void pagesGoOnInTheOrderAskedForThroughEqualAndMissingSizes() {
    new ScriptedInstance(WORKER, instance)
        .has("a", 10)
        .has("b", 30)
        .has("c", 10)
        .has("d", 20)
        .refuses("e")
        .refuses("f")
        .answers();
    api.operator()
        .post()
        .uri("/api/v1/instances/{id}/sync-all", instance)
        .header("Prefer", "wait=60")
        .exchange()
        .expectStatus()
        .isOk();
    assertThat(paged("-size_bytes")).containsExactly("b", "d", "a", "c", "e", "f");
    assertThat(paged("size_bytes")).containsExactly("e", "f", "a", "c", "d", "b");
    assertThat(paged("name")).containsExactly("a", "b", "c", "d", "e", "f");
    assertThat(paged("-name")).containsExactly("f", "e", "d", "c", "b", "a");
  }

  @Test
  void anotherOrderOrACursorOfAnotherIsRefused() {
    assertThat(refused("?sort=colour").toString()).contains("colour", "name, -name, size_bytes");
    Instances.execute(
        """
        INSERT INTO instance_databases (instance_id, name, system, filtered, first_seen_at, last_seen_at)
        SELECT %d, 'd' || n, false, false, now(), now() FROM generate_series(1, 3) n
        """
            .formatted(instance));
    String cursor = get("?limit=1&sort=name").get("next_cursor").asString();
    assertThat(refused("?limit=1&sort=-name&cursor=" + cursor).toString()).contains("cursor");
  }

  private List<String> paged(String sort) {
    var names = new ArrayList<String>();
    String cursor = "";
    do {
      JsonNode page = get("?limit=2&sort=" + sort + (cursor.isEmpty() ? "" : "&cursor=" + cursor));
      page.get("items").forEach(database -> names.add(database.get("name").asString()));
      cursor = page.path("next_cursor").asString("");
    } while (!cursor.isEmpty());
    return names;
  }

  private JsonNode get(String query) {
    return ask(query, 200);
  }

  private JsonNode refused(String query) {
    return ask(query, 400);
  }

  private JsonNode ask(String query, int status) {
    return Api.body(
        api.viewer()
            .get()
            .uri("/api/v1/instances/" + instance + "/databases" + query)
            .exchange()
            .expectStatus()
            .isEqualTo(status));
  }
}
