package io.cadastre.gateway.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.Command;
import io.cadastre.contracts.events.DatabaseFailure;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Event;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.SizeCollectionFailed;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.springframework.test.web.reactive.server.WebTestClient;
import tools.jackson.databind.JsonNode;

/** From the request to the samples, over the real Kafka, with a stand-in for the worker. */
@GatewayTest
class SyncSizesTest {

  private static final FakeWorker WORKER = new FakeWorker();

  private final Api api;
  private final Instant at = Instant.now().truncatedTo(ChronoUnit.SECONDS);
  private final long instance = Instances.register();

  SyncSizesTest(Api api) {
    this.api = api;
  }

  @AfterAll
  static void stop() {
    WORKER.close();
  }

  @Test
  void partsAddUpAndEachDatabaseThatFailedSaysWhy() {
    discover("shop", "crm", "billing", "archive");
    WORKER.script(
        instance,
        command -> {
          Event last = part(command, new Part(3, true), List.of(size("archive", 4_000)), List.of());
          Event denied =
              part(
                  command,
                  new Part(2, false),
                  List.of(),
                  List.of(
                      failed("crm", FailureCode.PERMISSION_DENIED, "crm may not be measured"),
                      failed("gone", FailureCode.DATABASE_GONE, "gone was dropped meanwhile")));
          Event first =
              part(
                  command,
                  new Part(1, false),
                  List.of(size("shop", 1_000), size("billing", 2_000)),
                  List.of());
          return List.of(first, last, first, denied);
        });
    JsonNode operation = request("sync-database-sizes");

    assertThat(operation.get("status").asString()).isEqualTo("completed_with_errors");
    JsonNode result = operation.get("result");
    assertThat(result.get("saved_count").asInt()).isEqualTo(3);
    assertThat(result.get("failed_count").asInt()).isEqualTo(2);
    assertThat(result.get("total_size_bytes").asLong()).isEqualTo(7_000);
    assertThat(result.get("failures").valueStream())
        .extracting(
            failure -> failure.get("database").asString(),
            failure -> failure.get("code").asString())
        .containsExactlyInAnyOrder(
            tuple("crm", "permission_denied"), tuple("gone", "database_gone"));
    assertThat(operation.at("/progress/done").asInt()).isEqualTo(5);

    assertThat(database("shop").get("size_bytes").asLong()).isEqualTo(1_000);
    assertThat(database("crm").at("/size_failure/code").asString()).isEqualTo("permission_denied");
    assertThat(get("/api/v1/instances/" + instance).get("total_size_bytes").asLong())
        .isEqualTo(7_000);
    JsonNode series = get("/api/v1/instances/" + instance + "/databases/shop/sizes");
    assertThat(series.toString()).contains("1000");
  }

  /** As after a worker was killed between the parts, and another was given the command again. */
  @Test
  void partsOfTwoAttemptsAreNotAddedUp() {
    WORKER.script(
        instance,
        command -> {
          SizesCollected lost =
              part(command, new Part(1, false), 2, List.of(size("shop", 1_000)), List.of());
          return List.of(
              lost,
              again(part(command, new Part(1, false), 2, List.of(size("shop", 3)), List.of())),
              again(part(command, new Part(2, true), 2, List.of(size("crm", 4)), List.of())));
        });
    JsonNode operation = request("sync-database-sizes");

    assertThat(operation.at("/result/saved_count").asInt()).isEqualTo(2);
    assertThat(operation.at("/result/total_size_bytes").asLong()).isEqualTo(7);
  }

  private static SizesCollected again(SizesCollected part) {
    Instant later = part.collectedAt().plusSeconds(9);
    return new SizesCollected(
        part.instanceId(),
        part.scan(),
        part.part(),
        part.engine(),
        part.server(),
        part.method(),
        part.estimate(),
        part.estimateReason(),
        part.databasesTotal(),
        later,
        later,
        part.databases(),
        part.failures());
  }

  @Test
  void whatWasMeasuredBeforeTheWorkerFailedStays() {
    discover("shop", "crm");
    WORKER.script(
        instance,
        command ->
            List.of(
                part(command, new Part(1, false), List.of(size("shop", 1_000)), List.of()),
                new SizeCollectionFailed(
                    instance,
                    command.scan(),
                    Engine.POSTGRESQL,
                    new Failure(FailureCode.CONNECTION_LOST, "the server hung up", true),
                    at,
                    at)));
    JsonNode operation = request("sync-database-sizes");
    assertThat(operation.get("status").asString()).isEqualTo("failed");
    assertThat(operation.at("/failure/code").asString()).isEqualTo("connection_lost");
    assertThat(operation.at("/result/saved_count").asInt()).isEqualTo(1);
    assertThat(get("/api/v1/instances/" + instance + "/databases/shop/sizes").toString())
        .contains("1000");
  }

  @Test
  void thousandsOfDatabasesAreMeasuredInParts() {
    WORKER.script(
        instance,
        command ->
            IntStream.rangeClosed(1, 5)
                .mapToObj(number ->
                    part(
                        command,
                        new Part(number, number == 5),
                        5_000,
                        IntStream.range(0, 1_000)
                            .mapToObj(i -> size("db%d_%d".formatted(number, i), i))
                            .toList(),
                        List.of()))
                .toList());
    JsonNode operation = request("sync-database-sizes");
    assertThat(operation.at("/result/saved_count").asInt()).isEqualTo(5_000);
    assertThat(operation.at("/result/total_size_bytes").asLong()).isEqualTo(5L * 999 * 1_000 / 2);
  }

  @Test
  void syncAllListsAndThenMeasures() {
    WORKER.script(instance, command -> Answers.of(command, "shop", "crm"));
    JsonNode operation = request("sync-all");
    assertThat(operation.get("status").asString()).isEqualTo("succeeded");
    assertThat(operation.at("/result/databases_added").asInt()).isEqualTo(2);
    assertThat(operation.at("/result/saved_count").asInt()).isEqualTo(2);
    assertThat(operation.at("/result/total_size_bytes").asLong()).isEqualTo(2_000);
    assertThat(operation.at("/progress/done").asInt()).isEqualTo(4);
    assertThat(database("crm").get("size_bytes").asLong()).isEqualTo(1_000);
    JsonNode shown = get("/api/v1/instances/" + instance);
    assertThat(shown.get("database_count").asInt()).isEqualTo(2);
    assertThat(shown.get("last_database_sync_at").isNull()).isFalse();
    assertThat(shown.get("last_size_sync_at").isNull()).isFalse();
  }

  private void discover(String... names) {
    WORKER.script(instance, command -> Answers.of(command, names));
    assertThat(request("sync-databases").get("status").asString()).isEqualTo("succeeded");
  }

  private SizesCollected part(
      Command command, Part part, List<DatabaseSize> sizes, List<DatabaseFailure> failures) {
    return part(command, part, 5, sizes, failures);
  }

  private SizesCollected part(
      Command command,
      Part part,
      int total,
      List<DatabaseSize> sizes,
      List<DatabaseFailure> failures) {
    assertThat(command).isInstanceOf(CollectSizes.class);
    return KeptSizes.collected(instance, command.scan(), part, total, at, sizes, failures);
  }

  private static DatabaseSize size(String name, long bytes) {
    return new DatabaseSize(name, bytes, null, null, null);
  }

  private static DatabaseFailure failed(String name, FailureCode code, String message) {
    return new DatabaseFailure(name, new Failure(code, message, false));
  }

  private JsonNode request(String what) {
    WebTestClient operator = api.operator();
    JsonNode operation =
        Api.body(
            operator
                .post()
                .uri("/api/v1/instances/{id}/{what}", instance, what)
                .header("Prefer", "wait=60")
                .exchange()
                .expectStatus()
                .isOk());
    assertThat(operation.get("kind").asString()).isEqualTo(what.replace('-', '_'));
    return operation;
  }

  private JsonNode database(String name) {
    return get("/api/v1/instances/" + instance + "/databases?search=" + name).at("/items/0");
  }

  private JsonNode get(String uri) {
    return Api.body(api.viewer().get().uri(uri).exchange().expectStatus().isOk());
  }
}
