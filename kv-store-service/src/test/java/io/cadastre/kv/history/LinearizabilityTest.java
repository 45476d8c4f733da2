package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Histories of single keys of which it is known whether they are linearizable. */
class LinearizabilityTest {

  private final ToldHistory told = new ToldHistory();

  @Test
  void aReadOfWhatIsBeingWrittenMaySeeTheOldOrTheNew() {
    told.put("a", "1", 0, 10);
    told.put("a", "2", 20, 50);
    told.read("a", "1", 25, 30);
    told.read("a", "2", 35, 40);
    told.accepted();
  }

  @Test
  void aStaleReadIsFound() {
    told.put("a", "1", 0, 10);
    told.put("a", "2", 20, 30);
    told.read("a", "1", 40, 50);
    told.refused().contains("value=2", "Optional[1]");
  }

  @Test
  void readsThatGoBackAreFoundAlsoWhileTheWriteIsUnderWay() {
    told.put("a", "1", 0, 10);
    told.put("a", "2", 20, 100);
    told.read("a", "2", 30, 40);
    told.read("a", "1", 50, 60);
    told.refused();
  }

  @Test
  void aLostWriteIsFound() {
    told.put("a", "1", 0, 10);
    told.read("a", null, 20, 30);
    told.refused();
  }

  @Test
  void twoSwapsOfTheSameValueAreFound() {
    told.put("a", "1", 0, 10);
    told.swap("a", "1", "2", true, 20, 30);
    told.swap("a", "1", "3", true, 25, 35);
    told.refused();
  }

  @Test
  void oneOfTwoSwapsMayFail() {
    told.put("a", "1", 0, 10);
    told.swap("a", "1", "2", true, 20, 30);
    told.add(
        Operation.answered(
            2,
            Request.swap("a", Optional.of("1"), new Step.Write("a", "3", false)),
            25,
            35,
            new Answer(false, List.of(Optional.of("2")), 0)));
    told.accepted();
  }

  @Test
  void whatTimedOutMayTakeEffectMuchLater() {
    told.put("a", "1", 0, 10);
    told.unknownPut("a", "2", 20);
    told.read("a", "1", 30, 40);
    told.read("a", "1", 1_000, 1_010);
    told.read("a", "2", 2_000, 2_010);
    told.accepted();
  }

  @Test
  void whatTimedOutMayNeverTakeEffect() {
    told.put("a", "1", 0, 10);
    told.unknownPut("a", "2", 20);
    told.read("a", "1", 1_000, 1_010);
    told.accepted();
  }

  @Test
  void whatTimedOutAndWasSeenMustNotVanish() {
    told.put("a", "1", 0, 10);
    told.unknownPut("a", "2", 20);
    told.read("a", "2", 30, 40);
    told.read("a", "1", 50, 60);
    told.refused();
  }

  @Test
  void halfATransactionIsFound() {
    told.add(
        Operation.answered(
            0,
            Request.of(new Step.Write("a", "1", false), new Step.Write("b", "1", false)),
            0,
            50,
            new Answer(true, List.of(), 0)));
    told.read("a", "1", 10, 20);
    told.read("b", null, 30, 40);
    told.refused();
  }

  @Test
  void aReadOfTwoKeysSeesOneMoment() {
    told.put("a", "1", 0, 10);
    told.put("b", "1", 20, 30);
    told.add(
        Operation.answered(
            0,
            Request.of(new Step.Read("a"), new Step.Read("b")),
            5,
            40,
            new Answer(true, List.of(Optional.empty(), Optional.of("1")), 0)));
    told.refused();
  }

  @Test
  void aDeleteTellsWhatItDeleted() {
    told.put("a", "1", 0, 10);
    told.add(
        Operation.answered(
            0,
            Request.of(new Step.Delete("a")),
            20,
            30,
            new Answer(true, List.of(Optional.empty()), 0)));
    told.refused();
  }

  @Test
  void aLostUpdateIsFound() {
    told.put("g/a", "1", 0, 10);
    told.swap("g/a", "1", "2", true, 20, 30);
    told.swap("g/a", "1", "3", true, 40, 50);
    told.refused();
  }

  @Test
  void aWriteThatIsAppliedTwiceIsFound() {
    told.put("a", "1", 0, 10);
    told.put("a", "2", 20, 30);
    told.read("a", "2", 40, 50);
    told.read("a", "1", 60, 70);
    told.refused();
  }

  @Test
  void aDeleteThatIsAppliedTwiceIsFound() {
    told.put("a", "1", 0, 10);
    told.add(
        ToldHistory.answered(Request.of(new Step.Delete("a")), 20, 30, List.of(Optional.of("1"))));
    told.put("a", "2", 40, 50);
    told.read("a", null, 60, 70);
    told.refused();
  }

  @Test
  void whatDoesNotMatterIsNotShown() {
    for (int i = 0; i < 100; i++) {
      told.put("other", "o" + i, 10L * i, 10L * i + 5);
      told.read("a", null, 10L * i, 10L * i + 5);
    }
    told.put("a", "1", 2_000, 2_010);
    told.read("a", null, 2_020, 2_030);
    for (int i = 300; i < 400; i++) {
      told.read("a", "1", 10L * i, 10L * i + 5);
    }
    assertThat(told.violation().orElseThrow().lines()).hasSize(3);
  }
}
