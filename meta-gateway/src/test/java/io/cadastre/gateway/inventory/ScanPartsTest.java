package io.cadastre.gateway.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Event;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.Visibility;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Scans that come in parts, more than once, too late, or not whole. */
@GatewayTest
final class ScanPartsTest {

  private static final FakeWorker WORKER = new FakeWorker();

  private final ScannedInstance instance;

  ScanPartsTest(Api api) {
    instance = new ScannedInstance(api, WORKER);
  }

  @AfterAll
  static void stop() {
    WORKER.close();
  }

  @Test
  void partsMayComeInAnyOrderAndTwice() {
    instance.answer(command -> {
      Event last = instance.part(command, instance.attemptedAt(), 2, 4, "c", "d");
      Event first = instance.part(command, instance.attemptedAt(), 1, 4, "a", "b");
      return List.of(last, first, first, last);
    });
    JsonNode operation = instance.request("sync-databases", 30);
    assertThat(operation.get("status").asString()).isEqualTo("succeeded");
    assertThat(instance.names("active")).containsExactlyInAnyOrder("a", "b", "c", "d");
  }

  /** As after a worker was killed between the parts, and another was given the command again. */
  @Test
  void partsOfTwoAttemptsAreNeverOneResult() {
    instance.sync("a", "b", "c", "d");
    instance.answer(command ->
        List.of(
            instance.part(command, instance.attemptedAt(), 1, 4, "a", "b"),
            instance.part(command, instance.attemptedAt().plusSeconds(9), 1, 3, "a"),
            instance.part(command, instance.attemptedAt().plusSeconds(9), 2, 3, "c", "d")));
    JsonNode operation = instance.request("sync-databases", 30);

    assertThat(operation.get("status").asString()).isEqualTo("succeeded");
    assertThat(instance.names("active")).containsExactlyInAnyOrder("a", "c", "d");
    assertThat(instance.names("deleted")).containsExactly("b");
  }

  @Test
  void whicheverAttemptIsWholeFirstCountsAndTheOtherChangesNothing() {
    instance.answer(command ->
        List.of(
            instance.part(command, instance.attemptedAt().plusSeconds(9), 1, 3, "x"),
            instance.part(command, instance.attemptedAt(), 1, 4, "a", "b"),
            instance.part(command, instance.attemptedAt(), 2, 4, "c", "d"),
            instance.part(command, instance.attemptedAt().plusSeconds(9), 2, 3, "y", "z")));
    JsonNode operation = instance.request("sync-databases", 30);
    assertThat(operation.at("/result/databases_added").asInt()).isEqualTo(4);

    instance.sync("a", "b", "c", "d", "e");
    assertThat(instance.names("all")).containsExactlyInAnyOrder("a", "b", "c", "d", "e");
  }

  @Test
  void aResultThatDoesNotAddUpIsNotApplied() {
    instance.sync("a", "b");
    instance.answer(command ->
        List.of(
            instance.found(
                command.scan(), instance.attemptedAt(), Part.ONLY, 3, Visibility.COMPLETE, "a"),
            instance.found(
                command.scan(),
                instance.attemptedAt().plusSeconds(9),
                Part.ONLY,
                1,
                Visibility.COMPLETE,
                "a")));
    JsonNode operation = instance.request("sync-databases", 30);

    assertThat(operation.at("/result/databases_found").asInt()).isEqualTo(1);
    assertThat(operation.at("/result/databases_deleted").asInt()).isEqualTo(1);
  }

  @Test
  void anOlderResultThatComesLateChangesNothing() {
    AtomicReference<Scan> lost = new AtomicReference<>();
    instance.answer(command -> {
      lost.set(command.scan());
      return List.of();
    });
    JsonNode waiting = instance.request("sync-databases", 0);
    await().until(() -> lost.get() != null);
    Instances.execute(
        "UPDATE operation SET expires_at = now() - interval '1 s' WHERE id = '%s'"
            .formatted(waiting.get("id").asString()));
    await().until(() -> instance.operation(waiting).get("status").asString().equals("expired"));
    instance.sync("new");
    instance.send(
        instance.found(Objects.requireNonNull(lost.get()), Part.ONLY, Visibility.COMPLETE, "old"));
    instance.sync("new", "newer");
    assertThat(instance.names("all")).containsExactlyInAnyOrder("new", "newer");
  }

  @Test
  void thousandsOfDatabasesAreAppliedInParts() {
    instance.answer(command -> {
      List<Event> parts = new ArrayList<>();
      for (int part = 1; part <= 5; part++) {
        int from = part * 1_000;
        String[] names =
            IntStream.range(from, from + 1_000).mapToObj(i -> "db" + i).toArray(String[]::new);
        parts.add(
            instance.found(
                command.scan(),
                instance.attemptedAt(),
                new Part(part, part == 5),
                5_000,
                Visibility.COMPLETE,
                names));
      }
      return parts;
    });
    JsonNode operation = instance.request("sync-databases", 60);
    assertThat(operation.at("/result/databases_added").asInt()).isEqualTo(5_000);
  }
}
