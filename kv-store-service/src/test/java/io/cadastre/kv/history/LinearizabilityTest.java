package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.AbstractStringAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Histories of which it is known whether they are linearizable. */
class LinearizabilityTest {

  private final List<Operation> history = new ArrayList<>();

  @Test
  void aReadOfWhatIsBeingWrittenMaySeeTheOldOrTheNew() {
    put("a", "1", 0, 10);
    put("a", "2", 20, 50);
    read("a", "1", 25, 30);
    read("a", "2", 35, 40);
    accepted();
  }

  @Test
  void aStaleReadIsFound() {
    put("a", "1", 0, 10);
    put("a", "2", 20, 30);
    read("a", "1", 40, 50);
    refused().contains("value=2", "Optional[1]");
  }

  @Test
  void readsThatGoBackAreFoundAlsoWhileTheWriteIsUnderWay() {
    put("a", "1", 0, 10);
    put("a", "2", 20, 100);
    read("a", "2", 30, 40);
    read("a", "1", 50, 60);
    refused();
  }

  @Test
  void aLostWriteIsFound() {
    put("a", "1", 0, 10);
    read("a", null, 20, 30);
    refused();
  }

  @Test
  void twoSwapsOfTheSameValueAreFound() {
    put("a", "1", 0, 10);
    swap("a", "1", "2", true, 20, 30);
    swap("a", "1", "3", true, 25, 35);
    refused();
  }

  @Test
  void oneOfTwoSwapsMayFail() {
    put("a", "1", 0, 10);
    swap("a", "1", "2", true, 20, 30);
    history.add(
        Operation.answered(
            2,
            Request.swap("a", Optional.of("1"), new Step.Write("a", "3", false)),
            25,
            35,
            new Answer(false, List.of(Optional.of("2")), 0)));
    accepted();
  }

  @Test
  void whatTimedOutMayTakeEffectMuchLater() {
    put("a", "1", 0, 10);
    unknownPut("a", "2", 20);
    read("a", "1", 30, 40);
    read("a", "1", 1_000, 1_010);
    read("a", "2", 2_000, 2_010);
    accepted();
  }

  @Test
  void whatTimedOutMayNeverTakeEffect() {
    put("a", "1", 0, 10);
    unknownPut("a", "2", 20);
    read("a", "1", 1_000, 1_010);
    accepted();
  }

  @Test
  void whatTimedOutAndWasSeenMustNotVanish() {
    put("a", "1", 0, 10);
    unknownPut("a", "2", 20);
    read("a", "2", 30, 40);
    read("a", "1", 50, 60);
    refused();
  }

  @Test
  void halfATransactionIsFound() {
    history.add(
        Operation.answered(
            0,
            Request.of(new Step.Write("a", "1", false), new Step.Write("b", "1", false)),
            0,
            50,
            new Answer(true, List.of(), 0)));
    read("a", "1", 10, 20);
    read("b", null, 30, 40);
    refused();
  }

  @Test
  void aReadOfTwoKeysSeesOneMoment() {
    put("a", "1", 0, 10);
    put("b", "1", 20, 30);
    history.add(
        Operation.answered(
            0,
            Request.of(new Step.Read("a"), new Step.Read("b")),
            5,
            40,
            new Answer(true, List.of(Optional.empty(), Optional.of("1")), 0)));
    refused();
  }

  @Test
  void aDeleteTellsWhatItDeleted() {
    put("a", "1", 0, 10);
    history.add(
        Operation.answered(
            0,
            Request.of(new Step.Delete("a")),
            20,
            30,
            new Answer(true, List.of(Optional.empty()), 0)));
    refused();
  }

  @Test
  void whatDoesNotMatterIsNotShown() {
    for (int i = 0; i < 100; i++) {
      put("other", "o" + i, 10L * i, 10L * i + 5);
      read("a", null, 10L * i, 10L * i + 5);
    }
    put("a", "1", 2_000, 2_010);
    read("a", null, 2_020, 2_030);
    for (int i = 300; i < 400; i++) {
      read("a", "1", 10L * i, 10L * i + 5);
    }
    assertThat(Linearizability.violation(history).orElseThrow().lines()).hasSize(3);
  }

  @Test
  void whatARealStoreAnsweredIsAcceptedAndWithOneWrongReadIsNot() {
    Random random = new Random(7);
    for (int round = 0; round < 50; round++) {
      List<Operation> told = concurrent(random, 400, 8);
      assertThat(Linearizability.violation(told)).isEmpty();
      int at = wrongable(told);
      Operation right = told.get(at);
      told.set(
          at,
          Operation.answered(
              right.client(),
              right.request(),
              right.invoked(),
              right.returned(),
              new Answer(true, List.of(Optional.of("never written")), 0)));
      assertThat(Linearizability.violation(told)).isPresent();
    }
  }

  /** Every operation takes effect at a moment between its beginning and its end. */
  private static List<Operation> concurrent(Random random, int operations, int clients) {
    Map<String, String> state = new HashMap<>();
    long[] free = new long[clients];
    List<Operation> told = new ArrayList<>();
    for (int i = 0; i < operations; i++) {
      long effect = 10L * i;
      int client = random.nextInt(clients);
      long from = Math.max(free[client], effect - random.nextInt(80));
      if (from > effect) {
        continue;
      }
      long to = effect + random.nextInt(80);
      free[client] = to + 1;
      String key = "k" + random.nextInt(2);
      Request request =
          switch (random.nextInt(4)) {
            case 0 -> Request.of(new Step.Write(key, "v" + i, false));
            case 1 ->
                Request.swap(
                    key, Optional.ofNullable(state.get(key)), new Step.Write(key, "v" + i, false));
            case 2 -> Request.of(new Step.Delete(key));
            default -> Request.of(new Step.Read(key));
          };
      boolean lost = random.nextInt(50) == 0;
      if (lost && random.nextBoolean()) {
        told.add(Operation.unknown(client, request, from));
        continue;
      }
      Request.Outcome outcome = request.run(state);
      state = new HashMap<>(outcome.after());
      told.add(
          lost
              ? Operation.unknown(client, request, from)
              : Operation.answered(
                  client, request, from, to, new Answer(outcome.held(), outcome.told(), 0)));
    }
    return told;
  }

  private static int wrongable(List<Operation> told) {
    for (int i = told.size() / 2; i < told.size(); i++) {
      Operation each = told.get(i);
      if (each.answer() != null && !each.request().mayWrite()) {
        return i;
      }
    }
    throw new IllegalStateException("no read");
  }

  private void accepted() {
    assertThat(Linearizability.violation(history)).isEmpty();
  }

  private AbstractStringAssert<?> refused() {
    return assertThat(Linearizability.violation(history).orElse("accepted"))
        .contains("not linearizable");
  }

  private void put(String key, String value, long from, long to) {
    history.add(
        Operation.answered(
            1,
            Request.of(new Step.Write(key, value, false)),
            from,
            to,
            new Answer(true, List.of(), 0)));
  }

  private void unknownPut(String key, String value, long from) {
    history.add(Operation.unknown(1, Request.of(new Step.Write(key, value, false)), from));
  }

  private void read(String key, @Nullable String value, long from, long to) {
    history.add(
        Operation.answered(
            2,
            Request.of(new Step.Read(key)),
            from,
            to,
            new Answer(true, List.of(Optional.ofNullable(value)), 0)));
  }

  private void swap(String key, String old, String value, boolean held, long from, long to) {
    history.add(
        Operation.answered(
            3,
            Request.swap(key, Optional.of(old), new Step.Write(key, value, false)),
            from,
            to,
            new Answer(held, List.of(), 0)));
  }
}
