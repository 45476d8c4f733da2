package io.cadastre.gateway.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.DiscoveryFailed;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.Topic;
import io.cadastre.contracts.events.Visibility;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** From the request to the register, over the real Kafka, with a stand-in for the worker. */
@GatewayTest
class SyncDatabasesTest {

  private static final FakeWorker WORKER = new FakeWorker();

  private final Api api;
  private final ScannedInstance instance;

  SyncDatabasesTest(Api api) {
    this.api = api;
    instance = new ScannedInstance(api, WORKER);
  }

  @AfterAll
  static void stop() {
    WORKER.close();
  }

  @Test
  void whatIsFoundIsRegisteredWhatIsGoneIsDeletedWhatComesBackIsReactivated() {
    JsonNode first = instance.sync("shop", "billing", "crm", "订单 🐘", "quo'te\"d.name");
    assertThat(first.get("status").asString()).isEqualTo("succeeded");
    assertThat(first.at("/result/databases_found").asInt()).isEqualTo(5);
    assertThat(first.at("/result/databases_added").asInt()).isEqualTo(5);
    assertThat(instance.names("active"))
        .containsExactlyInAnyOrder("shop", "billing", "crm", "订单 🐘", "quo'te\"d.name");

    JsonNode second = instance.sync("shop", "crm", "订单 🐘", "quo'te\"d.name");
    assertThat(second.at("/result/databases_deleted").asInt()).isEqualTo(1);
    assertThat(instance.names("deleted")).containsExactly("billing");

    JsonNode third = instance.sync("shop", "billing", "crm", "订单 🐘", "quo'te\"d.name");
    assertThat(third.at("/result/databases_added").asInt()).isZero();
    assertThat(third.at("/result/databases_reactivated").asInt()).isEqualTo(1);
    assertThat(instance.names("deleted")).isEmpty();
  }

  @Test
  void aScanWithoutTheRightToSeeEverythingDeletesNothing() {
    instance.sync("a", "b", "c", "d", "e");
    instance.answer(
        command -> List.of(instance.found(command.scan(), Part.ONLY, Visibility.RESTRICTED, "a")));
    JsonNode restricted = instance.request("sync-databases", 30);
    assertThat(restricted.get("status").asString()).isEqualTo("completed_with_errors");
    assertThat(restricted.at("/result/warning").asString()).contains("SHOW DATABASES");
    assertThat(instance.names("active")).hasSize(5);
  }

  @Test
  void aFailedScanTouchesNothingAndSaysWhy() {
    instance.sync("a", "b");
    instance.answer(command ->
        List.of(
            new DiscoveryFailed(
                instance.id(),
                command.scan(),
                Engine.POSTGRESQL,
                new Failure(FailureCode.AUTHENTICATION_FAILED, "refused", false),
                instance.attemptedAt(),
                instance.attemptedAt())));
    JsonNode failed = instance.request("sync-databases", 30);
    assertThat(failed.get("status").asString()).isEqualTo("failed");
    assertThat(failed.at("/failure/code").asString()).isEqualTo("authentication_failed");
    assertThat(instance.names("active")).containsExactlyInAnyOrder("a", "b");
  }

  @Test
  void whenTooMuchVanishesTheScanIsHeldUntilAnOperatorDecides() {
    instance.sync("a", "b", "c", "d", "e", "f");
    JsonNode held = instance.sync("a");
    assertThat(held.get("status").asString()).isEqualTo("held");
    assertThat(instance.names("active")).hasSize(6);
    JsonNode shown = instance.heldScan();
    assertThat(shown.get("databases_to_delete").asInt()).isEqualTo(5);

    instance.decide(shown, "reject");
    assertThat(instance.names("active")).hasSize(6);
    assertThat(instance.operation(held).get("status").asString()).isEqualTo("failed");

    JsonNode again = instance.sync("a");
    instance.decide(instance.heldScan(), "apply");
    assertThat(instance.names("active")).containsExactly("a");
    assertThat(instance.operation(again).get("status").asString()).isEqualTo("succeeded");
    assertThat(instance.operation(again).at("/result/databases_deleted").asInt()).isEqualTo(5);
  }

  @Test
  void aMessageThatNobodyCanReadDoesNotHoldUpTheRest() {
    WORKER.sendRaw(
        Topic.DATABASES_DISCOVERED,
        Long.toString(instance.id()),
        "io.cadastre.DatabasesDiscovered.v1",
        "{ not json");
    assertThat(instance.sync("a").get("status").asString()).isEqualTo("succeeded");
  }

  @Test
  void aSecondRequestJoinsTheFirst() {
    instance.answer(_ -> List.of());
    JsonNode first = instance.request("sync-databases", 0);
    JsonNode second = instance.request("sync-databases", 0);
    assertThat(second.get("id")).isEqualTo(first.get("id"));
    JsonNode other = instance.request("sync-database-sizes", 0);
    assertThat(other.get("id")).isNotEqualTo(first.get("id"));
  }

  @Test
  void aPatternHidesDatabasesAndNeverDeletesThem() {
    instance.sync("shop", "tmp_1", "tmpx");
    Instances.execute(
        "UPDATE instance SET exclude_patterns = '{tmp_*}' WHERE id = " + instance.id());
    assertThat(instance.names("filtered")).containsExactly("tmp_1");
    JsonNode operation = instance.sync("shop", "tmp_1", "tmpx");
    assertThat(operation.at("/result/databases_filtered").asInt()).isEqualTo(1);
    assertThat(operation.at("/result/databases_deleted").asInt()).isZero();
    Instances.execute("UPDATE instance SET exclude_patterns = '{}' WHERE id = " + instance.id());
    assertThat(instance.names("active")).containsExactlyInAnyOrder("shop", "tmp_1", "tmpx");
  }

  @Test
  void badInputIsNamed() {
    api.operator()
        .post()
        .uri("/api/v1/instances/{id}/sync-databases", instance.id())
        .header("Prefer", "wait=61")
        .exchange()
        .expectStatus()
        .isBadRequest()
        .expectBody(JsonNode.class)
        .value(problem -> assertThat(problem.toString()).contains("61", "0 to 60"));
    api.viewer()
        .post()
        .uri("/api/v1/instances/{id}/sync-databases", instance.id())
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
}
