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

  private static final Group GROUP = Group.of("g/", "a", "b");

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
  void aRangeThatMissesWhatWasWrittenBeforeIsFound() {
    put("g/a", "1", 0, 10);
    put("g/b", "2", 20, 30);
    readAll(40, 50, "1", null);
    refused();
  }

  @Test
  void aRangeThatIsStaleIsFound() {
    put("g/a", "1", 0, 10);
    put("g/a", "2", 20, 30);
    readAll(40, 50, "1", null);
    refused();
  }

  @Test
  void aRangeOfTwoMomentsIsFound() {
    put("g/a", "1", 0, 10);
    put("g/b", "2", 20, 30);
    readAll(5, 40, null, "2");
    refused();
  }

  @Test
  void aPhantomIsFound() {
    put("g/a", "1", 0, 10);
    history.add(
        answered(
            Request.of(new Step.ReadAll(GROUP)),
            20,
            30,
            List.of(Optional.of("1"), Optional.empty(), Optional.of("g/z=never written"))));
    refused();
  }

  @Test
  void rangesWhileKeysAreWrittenTogetherSeeAllOrNothing() {
    history.add(
        answered(
            Request.of(new Step.Write("g/a", "1", false), new Step.Write("g/b", "1", false)),
            0,
            100,
            List.of()));
    readAll(10, 20, null, null);
    readAll(30, 40, "1", "1");
    accepted();
    readAll(50, 60, "1", null);
    refused();
  }

  @Test
  void aRangeThatIsDeletedHalfIsFound() {
    put("g/a", "1", 0, 10);
    put("g/b", "2", 20, 30);
    history.add(
        answered(
            Request.of(new Step.DeleteAll(GROUP)),
            40,
            50,
            List.of(Optional.of("1"), Optional.of("2"))));
    readAll(60, 70, null, null);
    accepted();
    readAll(80, 90, null, "2");
    refused();
  }

  @Test
  void aTransactionSeesWhatItWrote() {
    put("g/a", "1", 0, 10);
    history.add(
        answered(
            Request.of(new Step.Write("g/b", "2", false), new Step.ReadAll(GROUP)),
            20,
            30,
            List.of(Optional.of("1"), Optional.of("2"))));
    accepted();
    history.add(
        answered(
            Request.of(new Step.Write("g/a", "3", false), new Step.ReadAll(GROUP)),
            40,
            50,
            List.of(Optional.of("1"), Optional.of("2"))));
    refused();
  }

  @Test
  void aLostUpdateIsFound() {
    put("g/a", "1", 0, 10);
    swap("g/a", "1", "2", true, 20, 30);
    swap("g/a", "1", "3", true, 40, 50);
    refused();
  }

  @Test
  void whatTwoKeysDecidedTogetherCannotBothHaveHeld() {
    put("g/a", "1", 0, 10);
    put("g/b", "1", 0, 10);
    Map<String, Optional<String>> both = Map.of("g/a", Optional.of("1"), "g/b", Optional.of("1"));
    for (String key : List.of("g/a", "g/b")) {
      history.add(
          answered(
              new Request(
                  both,
                  List.of(new Step.Write(key, "2" + key, false)),
                  List.of(new Step.ReadAll(GROUP))),
              20,
              40,
              List.of()));
    }
    refused();
  }

  @Test
  void aWriteThatIsAppliedTwiceIsFound() {
    put("a", "1", 0, 10);
    put("a", "2", 20, 30);
    read("a", "2", 40, 50);
    read("a", "1", 60, 70);
    refused();
  }

  @Test
  void aDeleteThatIsAppliedTwiceIsFound() {
    put("a", "1", 0, 10);
    history.add(answered(Request.of(new Step.Delete("a")), 20, 30, List.of(Optional.of("1"))));
    put("a", "2", 40, 50);
    read("a", null, 60, 70);
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
    for (int round = 0; round < 30; round++) {
      List<Operation> told = concurrent(new Random(round), 800, 8);
      assertThat(Linearizability.violation(told)).as("round %d", round).isEmpty();
      int at = wrongable(told);
      Operation right = told.get(at);
      List<Optional<String>> wrong = new ArrayList<>(answer(right).told());
      wrong.set(wrong.size() - 1, Optional.of("never written"));
      told.set(
          at,
          Operation.answered(
              right.client(),
              right.request(),
              right.invoked(),
              right.returned(),
              new Answer(true, wrong, 0)));
      assertThat(Linearizability.violation(told)).as("round %d", round).isPresent();
    }
  }

  /** Every operation takes effect at a moment between its beginning and its end. */
  private static List<Operation> concurrent(Random random, int operations, int clients) {
    Map<String, String> state = new HashMap<>();
    long[] free = new long[clients];
    List<Operation> told = new ArrayList<>();
    Workload workload = new Workload("v", random.nextLong());
    for (int i = 0; i < operations; i++) {
      long effect = 10L * i;
      int client = random.nextInt(clients);
      long from = Math.max(free[client], effect - random.nextInt(80));
      if (from > effect) {
        continue;
      }
      long to = effect + random.nextInt(80);
      free[client] = to + 1;
      Request request = workload.next(0);
      if (Workload.readsManyGroups(request)) {
        continue;
      }
      boolean lost = random.nextInt(50) == 0;
      if (lost && random.nextBoolean()) {
        told.add(Operation.unknown(client, request, from));
        continue;
      }
      Request.Outcome outcome = request.run(state);
      state = new HashMap<>(outcome.after());
      Operation operation =
          Operation.answered(
              client, request, from, to, new Answer(outcome.held(), outcome.told(), 0));
      workload.learn(operation);
      told.add(lost ? operation.unanswered() : operation);
    }
    return told;
  }

  private static Answer answer(Operation operation) {
    return Optional.ofNullable(operation.answer()).orElseThrow();
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

  private void readAll(long from, long to, @Nullable String a, @Nullable String b) {
    history.add(
        answered(
            Request.of(new Step.ReadAll(GROUP)),
            from,
            to,
            List.of(Optional.ofNullable(a), Optional.ofNullable(b))));
  }

  private static Operation answered(
      Request request, long from, long to, List<Optional<String>> told) {
    return Operation.answered(4, request, from, to, new Answer(true, told, 0));
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
