package io.cadastre.kv.history;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Histories of several keys at once of which it is known whether they are linearizable. */
final class LinearizableRangesTest {

  private static final Group GROUP = ToldHistory.GROUP;

  private final ToldHistory told = new ToldHistory();

  @Test
  void aRangeThatMissesWhatWasWrittenBeforeIsFound() {
    told.put("g/a", "1", 0, 10);
    told.put("g/b", "2", 20, 30);
    told.readAll(40, 50, "1", null);
    told.refused();
  }

  @Test
  void aRangeThatIsStaleIsFound() {
    told.put("g/a", "1", 0, 10);
    told.put("g/a", "2", 20, 30);
    told.readAll(40, 50, "1", null);
    told.refused();
  }

  @Test
  void aRangeOfTwoMomentsIsFound() {
    told.put("g/a", "1", 0, 10);
    told.put("g/b", "2", 20, 30);
    told.readAll(5, 40, null, "2");
    told.refused();
  }

  @Test
  void aPhantomIsFound() {
    told.put("g/a", "1", 0, 10);
    told.add(
        ToldHistory.answered(
            Request.of(new Step.ReadAll(GROUP)),
            20,
            30,
            List.of(Optional.of("1"), Optional.empty(), Optional.of("g/z=never written"))));
    told.refused();
  }

  @Test
  void rangesWhileKeysAreWrittenTogetherSeeAllOrNothing() {
    told.add(
        ToldHistory.answered(
            Request.of(new Step.Write("g/a", "1", false), new Step.Write("g/b", "1", false)),
            0,
            100,
            List.of()));
    told.readAll(10, 20, null, null);
    told.readAll(30, 40, "1", "1");
    told.accepted();
    told.readAll(50, 60, "1", null);
    told.refused();
  }

  @Test
  void aRangeThatIsDeletedHalfIsFound() {
    told.put("g/a", "1", 0, 10);
    told.put("g/b", "2", 20, 30);
    told.add(
        ToldHistory.answered(
            Request.of(new Step.DeleteAll(GROUP)),
            40,
            50,
            List.of(Optional.of("1"), Optional.of("2"))));
    told.readAll(60, 70, null, null);
    told.accepted();
    told.readAll(80, 90, null, "2");
    told.refused();
  }

  @Test
  void aTransactionSeesWhatItWrote() {
    told.put("g/a", "1", 0, 10);
    told.add(
        ToldHistory.answered(
            Request.of(new Step.Write("g/b", "2", false), new Step.ReadAll(GROUP)),
            20,
            30,
            List.of(Optional.of("1"), Optional.of("2"))));
    told.accepted();
    told.add(
        ToldHistory.answered(
            Request.of(new Step.Write("g/a", "3", false), new Step.ReadAll(GROUP)),
            40,
            50,
            List.of(Optional.of("1"), Optional.of("2"))));
    told.refused();
  }

  @Test
  void whatTwoKeysDecidedTogetherCannotBothHaveHeld() {
    told.put("g/a", "1", 0, 10);
    told.put("g/b", "1", 0, 10);
    Map<String, Optional<String>> both = Map.of("g/a", Optional.of("1"), "g/b", Optional.of("1"));
    for (String key : List.of("g/a", "g/b")) {
      told.add(
          ToldHistory.answered(
              new Request(
                  both,
                  List.of(new Step.Write(key, "2" + key, false)),
                  List.of(new Step.ReadAll(GROUP))),
              20,
              40,
              List.of()));
    }
    told.refused();
  }
}
