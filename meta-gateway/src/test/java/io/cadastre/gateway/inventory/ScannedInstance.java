package io.cadastre.gateway.inventory;

import io.cadastre.contracts.events.Command;
import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Event;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.Visibility;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.Instances;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** An instance of the register whose scans a test answers in the worker's place. */
final class ScannedInstance {

  private final Instant attemptedAt =
      Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(9));

  private final Api api;
  private final FakeWorker worker;
  private final long id = Instances.register();

  ScannedInstance(Api api, FakeWorker worker) {
    this.api = api;
    this.worker = worker;
  }

  long id() {
    return id;
  }

  /** When the scans were, as their answers say. */
  Instant attemptedAt() {
    return attemptedAt;
  }

  /** Sets what comes back for each command from now on. */
  void answer(Function<Command, List<? extends Event>> script) {
    worker.script(id, script);
  }

  void send(Event event) {
    worker.send(event);
  }

  JsonNode sync(String... names) {
    answer(command -> List.of(found(command.scan(), Part.ONLY, Visibility.COMPLETE, names)));
    return request("sync-databases", 30);
  }

  /** One of two parts. */
  DatabasesDiscovered part(
      Command command, Instant attemptedAt, int number, int total, String... names) {
    return found(
        command.scan(),
        attemptedAt,
        new Part(number, number == 2),
        total,
        Visibility.COMPLETE,
        names);
  }

  DatabasesDiscovered found(Scan scan, Part part, Visibility visibility, String... names) {
    return found(scan, attemptedAt, part, names.length, visibility, names);
  }

  DatabasesDiscovered found(
      Scan scan,
      Instant attemptedAt,
      Part part,
      int total,
      Visibility visibility,
      String... names) {
    return new DatabasesDiscovered(
        id,
        scan,
        part,
        Engine.POSTGRESQL,
        new ServerInfo("PostgreSQL", "18.1"),
        visibility,
        visibility == Visibility.RESTRICTED ? "SHOW DATABASES is missing" : null,
        total,
        attemptedAt,
        attemptedAt.plusSeconds(scan.scanNumber()),
        Arrays.stream(names)
            .map(n -> new DatabaseEntry(n, false, null, "C", "o", "UTF8", null, false, true))
            .toList());
  }

  JsonNode request(String what, int waitSeconds) {
    return Api.body(
        api.operator()
            .post()
            .uri("/api/v1/instances/{id}/" + what, id)
            .header("Prefer", "wait=" + waitSeconds)
            .exchange()
            .expectStatus()
            .is2xxSuccessful());
  }

  JsonNode operation(JsonNode operation) {
    return get("/api/v1/operations/" + operation.get("id").asString());
  }

  JsonNode heldScan() {
    return get("/api/v1/held-scans?instance_id=" + id).at("/items/0");
  }

  void decide(JsonNode held, String decision) {
    api.operator()
        .post()
        .uri("/api/v1/held-scans/{id}/{decision}", held.get("scan_id").asString(), decision)
        .exchange()
        .expectStatus()
        .isOk();
  }

  List<String> names(String state) {
    return get("/api/v1/instances/" + id + "/databases?limit=500&state=" + state)
        .get("items")
        .valueStream()
        .map(database -> database.get("name").asString())
        .toList();
  }

  private JsonNode get(String uri) {
    return Api.body(api.viewer().get().uri(uri).exchange().expectStatus().isOk());
  }
}
