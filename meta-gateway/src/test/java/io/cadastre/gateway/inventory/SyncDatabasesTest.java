package io.cadastre.gateway.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Command;
import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.DiscoveryFailed;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Event;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.Topic;
import io.cadastre.contracts.events.Visibility;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** From the request to the register, over the real Kafka, with a stand-in for the worker. */
@GatewayTest
class SyncDatabasesTest {

  private static final FakeWorker WORKER = new FakeWorker();
  private final Instant attemptedAt =
      Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofHours(9));

  private final Api api;
  private final long instance = Instances.register();

  SyncDatabasesTest(Api api) {
    this.api = api;
  }

  @AfterAll
  static void stop() {
    WORKER.close();
  }

  @Test
  void whatIsFoundIsRegisteredWhatIsGoneIsDeletedWhatComesBackIsReactivated() {
    JsonNode first = sync("shop", "billing", "crm", "订单 🐘", "quo'te\"d.name");
    assertThat(first.get("status").asString()).isEqualTo("succeeded");
    assertThat(first.at("/result/databases_found").asInt()).isEqualTo(5);
    assertThat(first.at("/result/databases_added").asInt()).isEqualTo(5);
    assertThat(names("active"))
        .containsExactlyInAnyOrder("shop", "billing", "crm", "订单 🐘", "quo'te\"d.name");

    JsonNode second = sync("shop", "crm", "订单 🐘", "quo'te\"d.name");
    assertThat(second.at("/result/databases_deleted").asInt()).isEqualTo(1);
    assertThat(names("deleted")).containsExactly("billing");

    JsonNode third = sync("shop", "billing", "crm", "订单 🐘", "quo'te\"d.name");
    assertThat(third.at("/result/databases_added").asInt()).isZero();
    assertThat(third.at("/result/databases_reactivated").asInt()).isEqualTo(1);
    assertThat(names("deleted")).isEmpty();
  }

  @Test
  void aScanWithoutTheRightToSeeEverythingDeletesNothing() {
    sync("a", "b", "c", "d", "e");
    WORKER.script(
        instance, command -> List.of(found(command.scan(), Part.ONLY, Visibility.RESTRICTED, "a")));
    JsonNode restricted = request("sync-databases", 30);
    assertThat(restricted.get("status").asString()).isEqualTo("completed_with_errors");
    assertThat(restricted.at("/result/warning").asString()).contains("SHOW DATABASES");
    assertThat(names("active")).hasSize(5);
  }

  @Test
  void aFailedScanTouchesNothingAndSaysWhy() {
    sync("a", "b");
    WORKER.script(
        instance,
        command ->
            List.of(
                new DiscoveryFailed(
                    instance,
                    command.scan(),
                    Engine.POSTGRESQL,
                    new Failure(FailureCode.AUTHENTICATION_FAILED, "refused", false),
                    attemptedAt,
                    attemptedAt)));
    JsonNode failed = request("sync-databases", 30);
    assertThat(failed.get("status").asString()).isEqualTo("failed");
    assertThat(failed.at("/failure/code").asString()).isEqualTo("authentication_failed");
    assertThat(names("active")).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void whenTooMuchVanishesTheScanIsHeldUntilAnOperatorDecides() {
    sync("a", "b", "c", "d", "e", "f");
    JsonNode held = sync("a");
    assertThat(held.get("status").asString()).isEqualTo("held");
    assertThat(names("active")).hasSize(6);
    JsonNode shown = heldScan();
    assertThat(shown.get("databases_to_delete").asInt()).isEqualTo(5);

    decide(shown, "reject");
    assertThat(names("active")).hasSize(6);
    assertThat(operation(held).get("status").asString()).isEqualTo("failed");

    JsonNode again = sync("a");
    decide(heldScan(), "apply");
    assertThat(names("active")).containsExactly("a");
    assertThat(operation(again).get("status").asString()).isEqualTo("succeeded");
    assertThat(operation(again).at("/result/databases_deleted").asInt()).isEqualTo(5);
  }

  @Test
  void partsMayComeInAnyOrderAndTwice() {
    WORKER.script(
        instance,
        command -> {
          Event last = part(command, attemptedAt, 2, 4, "c", "d");
          Event first = part(command, attemptedAt, 1, 4, "a", "b");
          return List.of(last, first, first, last);
        });
    JsonNode operation = request("sync-databases", 30);
    assertThat(operation.get("status").asString()).isEqualTo("succeeded");
    assertThat(names("active")).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  /** As after a worker was killed between the parts, and another was given the command again. */
  @Test
  void partsOfTwoAttemptsAreNeverOneResult() {
    sync("a", "b", "c", "d");
    WORKER.script(
        instance,
        command ->
            List.of(
                part(command, attemptedAt, 1, 4, "a", "b"),
                part(command, attemptedAt.plusSeconds(9), 1, 3, "a"),
                part(command, attemptedAt.plusSeconds(9), 2, 3, "c", "d")));
    JsonNode operation = request("sync-databases", 30);

    assertThat(operation.get("status").asString()).isEqualTo("succeeded");
    assertThat(names("active")).containsExactlyInAnyOrder("a", "c", "d");
    assertThat(names("deleted")).containsExactly("b");
  }

  @Test
  void whicheverAttemptIsWholeFirstCountsAndTheOtherChangesNothing() {
    WORKER.script(
        instance,
        command ->
            List.of(
                part(command, attemptedAt.plusSeconds(9), 1, 3, "x"),
                part(command, attemptedAt, 1, 4, "a", "b"),
                part(command, attemptedAt, 2, 4, "c", "d"),
                part(command, attemptedAt.plusSeconds(9), 2, 3, "y", "z")));
    JsonNode operation = request("sync-databases", 30);
    assertThat(operation.at("/result/databases_added").asInt()).isEqualTo(4);

    sync("a", "b", "c", "d", "e");
    assertThat(names("all")).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
  }

  @Test
  void aResultThatDoesNotAddUpIsNotApplied() {
    sync("a", "b");
    WORKER.script(
        instance,
        command ->
            List.of(
                found(command.scan(), attemptedAt, Part.ONLY, 3, Visibility.COMPLETE, "a"),
                found(
                    command.scan(),
                    attemptedAt.plusSeconds(9),
                    Part.ONLY,
                    1,
                    Visibility.COMPLETE,
                    "a")));
    JsonNode operation = request("sync-databases", 30);

    assertThat(operation.at("/result/databases_found").asInt()).isEqualTo(1);
    assertThat(operation.at("/result/databases_deleted").asInt()).isEqualTo(1);
  }

  @Test
  void anOlderResultThatComesLateChangesNothing() {
    AtomicReference<Scan> lost = new AtomicReference<>();
    WORKER.script(
        instance,
        command -> {
          lost.set(command.scan());
          return List.of();
        });
    JsonNode waiting = request("sync-databases", 0);
    await().until(() -> lost.get() != null);
    Instances.execute(
        "UPDATE operation SET expires_at = now() - interval '1 s' WHERE id = '%s'"
            .formatted(waiting.get("id").asString()));
    await().until(() -> operation(waiting).get("status").asString().equals("expired"));
    sync("new");
    WORKER.send(found(Objects.requireNonNull(lost.get()), Part.ONLY, Visibility.COMPLETE, "old"));
    sync("new", "newer");
    assertThat(names("all")).containsExactlyInAnyOrder("new", "newer");
  }

  @Test
  void aMessageThatNobodyCanReadDoesNotHoldUpTheRest() {
    WORKER.sendRaw(
        Topic.DATABASES_DISCOVERED,
        Long.toString(instance),
        "io.cadastre.DatabasesDiscovered.v1",
        "{ not json");
    assertThat(sync("a").get("status").asString()).isEqualTo("succeeded");
  }

  @Test
  void aSecondRequestJoinsTheFirst() {
    WORKER.script(instance, _ -> List.of());
    JsonNode first = request("sync-databases", 0);
    JsonNode second = request("sync-databases", 0);
    assertThat(second.get("id")).isEqualTo(first.get("id"));
    JsonNode other = request("sync-database-sizes", 0);
    assertThat(other.get("id")).isNotEqualTo(first.get("id"));
  }

  @Test
  void aPatternHidesDatabasesAndNeverDeletesThem() {
    sync("shop", "tmp_1", "tmpx");
    Instances.execute("UPDATE instance SET exclude_patterns = '{tmp_*}' WHERE id = " + instance);
    assertThat(names("filtered")).containsExactly("tmp_1");
    JsonNode operation = sync("shop", "tmp_1", "tmpx");
    assertThat(operation.at("/result/databases_filtered").asInt()).isEqualTo(1);
    assertThat(operation.at("/result/databases_deleted").asInt()).isZero();
    Instances.execute("UPDATE instance SET exclude_patterns = '{}' WHERE id = " + instance);
    assertThat(names("active")).containsExactlyInAnyOrder("shop", "tmp_1", "tmpx");
  }

  @Test
  void thousandsOfDatabasesAreAppliedInParts() {
    WORKER.script(
        instance,
        command -> {
          List<Event> parts = new ArrayList<>();
          for (int part = 1; part <= 5; part++) {
            int from = part * 1_000;
            String[] names =
                IntStream.range(from, from + 1_000).mapToObj(i -> "db" + i).toArray(String[]::new);
            parts.add(
                found(
                    command.scan(),
                    attemptedAt,
                    new Part(part, part == 5),
                    5_000,
                    Visibility.COMPLETE,
                    names));
          }
          return parts;
        });
    JsonNode operation = request("sync-databases", 60);
    assertThat(operation.at("/result/databases_added").asInt()).isEqualTo(5_000);
  }

  @Test
  void badInputIsNamed() {
    api.operator()
        .post()
        .uri("/api/v1/instances/{id}/sync-databases", instance)
        .header("Prefer", "wait=61")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody(JsonNode.class)
        .value(problem -> assertThat(problem.toString()).contains("61", "0 to 60"));
    api.viewer()
        .post()
        .uri("/api/v1/instances/{id}/sync-databases", instance)
        .exchange()
        .expectStatus()
        .isForbidden();
    api.operator()
        .post()
        .uri("/api/v1/instances/{id}/sync-databases", 999_999_999)
        .exchange()
        .expectStatus()
        .isNotFound();
  }

  private JsonNode sync(String... names) {
    WORKER.script(
        instance, command -> List.of(found(command.scan(), Part.ONLY, Visibility.COMPLETE, names)));
    return request("sync-databases", 30);
  }

  /** One of two parts. */
  private DatabasesDiscovered part(
      Command command, Instant attemptedAt, int number, int total, String... names) {
    return found(
        command.scan(),
        attemptedAt,
        new Part(number, number == 2),
        total,
        Visibility.COMPLETE,
        names);
  }

  private DatabasesDiscovered found(Scan scan, Part part, Visibility visibility, String... names) {
    return found(scan, attemptedAt, part, names.length, visibility, names);
  }

  private DatabasesDiscovered found(
      Scan scan,
      Instant attemptedAt,
      Part part,
      int total,
      Visibility visibility,
      String... names) {
    return new DatabasesDiscovered(
        instance,
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

  private JsonNode request(String what, int waitSeconds) {
    return body(
        api.operator()
            .post()
            .uri("/api/v1/instances/{id}/" + what, instance)
            .header("Prefer", "wait=" + waitSeconds)
            .exchange()
            .expectStatus()
            .is2xxSuccessful()
            .expectBody(JsonNode.class)
            .returnResult()
            .getResponseBody());
  }

  private JsonNode operation(JsonNode operation) {
    return get("/api/v1/operations/" + operation.get("id").asString());
  }

  private JsonNode heldScan() {
    return get("/api/v1/held-scans?instance_id=" + instance).at("/items/0");
  }

  private void decide(JsonNode held, String decision) {
    api.operator()
        .post()
        .uri("/api/v1/held-scans/{id}/{decision}", held.get("scan_id").asString(), decision)
        .exchange()
        .expectStatus()
        .isOk();
  }

  private List<String> names(String state) {
    return get("/api/v1/instances/" + instance + "/databases?limit=500&state=" + state)
        .get("items")
        .valueStream()
        .map(database -> database.get("name").asString())
        .toList();
  }

  private JsonNode get(String uri) {
    return body(
        api.viewer()
            .get()
            .uri(uri)
            .exchange()
            .expectStatus()
            .isOk()
            .expectBody(JsonNode.class)
            .returnResult()
            .getResponseBody());
  }

  private static JsonNode body(@org.jspecify.annotations.Nullable JsonNode body) {
    return Objects.requireNonNull(body);
  }
}
