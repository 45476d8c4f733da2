package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.kv.history.LeaseRules.Gone;
import io.cadastre.kv.history.LeaseRules.Kept;
import io.cadastre.kv.history.WatchRules.Told;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Answers and watches of which it is known whether they keep the rules. */
class RulesTest {

  private static final Change FIRST = new Change(2, "a", "1");
  private static final Change BOTH_A = new Change(3, "a", "2");
  private static final Change BOTH_B = new Change(3, "b", "2");
  private static final Change GONE = new Change(4, "a", null);
  private static final List<Change> ALL = List.of(FIRST, BOTH_A, BOTH_B, GONE);

  private final List<Operation> history = new ArrayList<>();

  @Nested
  class Revisions {

    @Test
    void mayComeInAnyOrderWhereOperationsOverlap() {
      put("1", 0, 100, 3);
      put("2", 10, 110, 2);
      read(200, 210, 3);
      assertThat(RevisionRules.violation(history)).isEmpty();
    }

    @Test
    void ofTwoWritesAreNeverTheSame() {
      put("1", 0, 100, 2);
      put("2", 10, 110, 2);
      assertThat(RevisionRules.violation(history)).get().asString().contains("one revision");
    }

    @Test
    void ofWritesRiseWithTime() {
      put("1", 0, 10, 3);
      put("2", 20, 30, 2);
      assertThat(RevisionRules.violation(history)).get().asString().contains("back in time");
    }

    @Test
    void ofAReadAreNotBelowThoseOfAWriteBefore() {
      put("1", 0, 10, 3);
      read(20, 30, 2);
      assertThat(RevisionRules.violation(history)).get().asString().contains("back in time");
    }

    @Test
    void ofReadsDoNotGoBack() {
      read(0, 10, 5);
      read(20, 30, 4);
      assertThat(RevisionRules.violation(history)).get().asString().contains("back in time");
    }
  }

  @Nested
  class Stories {

    @Test
    void holdWhatWasAcknowledgedAndMayHoldWhatWasNot() {
      put("1", 0, 10, 2);
      history.add(
          Operation.unknown(
              1, Request.of(new Step.Write("a", "2", false), new Step.Write("b", "2", false)), 20));
      history.add(
          Operation.answered(
              1,
              Request.of(new Step.Delete("a")),
              30,
              40,
              new Answer(true, List.of(Optional.of("2")), 4)));
      assertThat(new Story(ALL).violation(history)).isEmpty();
    }

    @Test
    void mayTellWithOneRevisionOfAWriteAndOfAReadAfterIt() {
      history.add(
          Operation.answered(
              1,
              Request.of(new Step.Read("a")),
              20,
              30,
              new Answer(true, List.of(Optional.of("1")), 2)));
      put("1", 0, 10, 2);
      assertThat(new Story(List.of(FIRST)).violation(history)).isEmpty();
    }

    @Test
    void lackNothingThatWasAcknowledged() {
      put("1", 0, 10, 2);
      put("lost", 20, 30, 3);
      assertThat(new Story(List.of(FIRST)).violation(history))
          .get()
          .asString()
          .contains("acknowledged");
    }

    @Test
    void holdNothingThatNobodyAskedFor() {
      put("1", 0, 10, 2);
      assertThat(new Story(List.of(FIRST, BOTH_A)).violation(history))
          .get()
          .asString()
          .contains("nobody asked");
    }

    @Test
    void holdTheWholeOfATransactionWhoseAnswerWasLost() {
      put("1", 0, 10, 2);
      history.add(
          Operation.unknown(
              1, Request.of(new Step.Write("a", "2", false), new Step.Write("b", "2", false)), 20));
      assertThat(new Story(List.of(FIRST, BOTH_A, BOTH_B)).violation(history)).isEmpty();
      assertThat(new Story(List.of(FIRST, BOTH_A)).violation(history))
          .get()
          .asString()
          .contains("nobody asked");
    }

    @Test
    void holdNothingTwice() {
      put("1", 0, 10, 2);
      history.add(Operation.unknown(1, Request.of(new Step.Write("a", "2", false)), 20));
      assertThat(new Story(List.of(FIRST, BOTH_A, new Change(5, "a", "2"))).violation(history))
          .get()
          .asString()
          .contains("applied twice");
    }

    @Test
    void tellWithARangeWhatWasThereAtItsRevision() {
      put("1", 0, 10, 2);
      Group group = Group.of("a", "", "z");
      List<Optional<String>> right = List.of(Optional.of("1"), Optional.empty());
      List<Optional<String>> wrong = List.of(Optional.of("1"), Optional.of("1"));
      Request range = Request.of(new Step.ReadAll(group));
      history.add(Operation.answered(1, range, 20, 30, new Answer(true, right, 2)));
      assertThat(new Story(List.of(FIRST)).violation(history)).isEmpty();
      history.add(Operation.answered(1, range, 40, 50, new Answer(true, wrong, 2)));
      assertThat(new Story(List.of(FIRST)).violation(history))
          .get()
          .asString()
          .contains("not true at its revision");
    }

    @Test
    void sayWhatAReadOfTheirRevisionSaw() {
      put("1", 0, 10, 2);
      history.add(
          Operation.answered(
              1,
              Request.of(new Step.Read("a")),
              20,
              30,
              new Answer(true, List.of(Optional.of("other")), 2)));
      assertThat(new Story(List.of(FIRST)).violation(history))
          .get()
          .asString()
          .contains("not true at its revision");
    }

    @Test
    void changeNothingThatAWriteDidNotName() {
      put("1", 0, 10, 2);
      assertThat(new Story(List.of(FIRST, new Change(2, "z", "?"))).violation(history)).isPresent();
    }
  }

  @Nested
  class Watches {

    @Test
    void tellEverythingOnceAlsoOverAnInterruption() {
      assertThat(watched(new Told(2, List.of(FIRST)), new Told(4, List.of(BOTH_A, BOTH_B, GONE))))
          .isEmpty();
    }

    @Test
    void mayBeBehind() {
      assertThat(watched(new Told(4, List.of(FIRST)))).isEmpty();
    }

    @Test
    void leaveNothingOut() {
      assertThat(watched(new Told(2, List.of(FIRST)), new Told(4, List.of(GONE)))).isPresent();
    }

    @Test
    void tellNothingTwice() {
      assertThat(watched(new Told(2, List.of(FIRST)), new Told(3, List.of(FIRST, BOTH_A, BOTH_B))))
          .isPresent();
    }

    @Test
    void tellInOrder() {
      assertThat(watched(new Told(4, List.of(BOTH_A, BOTH_B)), new Told(4, List.of(FIRST))))
          .isPresent();
    }

    @Test
    void doNotTearARevisionApart() {
      assertThat(watched(new Told(3, List.of(FIRST, BOTH_A)), new Told(4, List.of(BOTH_B, GONE))))
          .isPresent();
    }

    @Test
    void doNotSayThatTheyAreFurtherThanTheyTold() {
      assertThat(watched(new Told(2, List.of(FIRST)), new Told(4, List.of()))).isPresent();
    }

    private Optional<String> watched(Told... told) {
      return WatchRules.violation(2, List.of(told), ALL);
    }
  }

  @Nested
  class Leases {

    private static final List<String> KEYS = List.of("x/a", "x/b");
    private static final List<Kept> KEPT = List.of(new Kept(0, 5), new Kept(50, 60));

    @Test
    void endWhenNobodyKeptThemAliveForTheirTimeToLive() {
      assertThat(lease(new Gone(151, "x/a", 7), new Gone(151, "x/b", 7))).isEmpty();
      assertThat(lease()).isEmpty();
    }

    @Test
    void doNotEndEarly() {
      assertThat(lease(new Gone(149, "x/a", 7), new Gone(149, "x/b", 7)))
          .get()
          .asString()
          .contains("deleted early");
    }

    @Test
    void areNotKeptAliveAfterTheirEnd() {
      assertThat(lease(new Gone(40, "x/a", 7), new Gone(40, "x/b", 7))).isPresent();
    }

    @Test
    void takeAllTheirKeysWithThemOnceAndAtOneMoment() {
      assertThat(lease(new Gone(200, "x/a", 7))).isPresent();
      assertThat(lease(new Gone(200, "x/a", 7), new Gone(200, "x/a", 7))).isPresent();
      assertThat(lease(new Gone(200, "x/a", 7), new Gone(200, "x/b", 8))).isPresent();
    }

    private Optional<String> lease(Gone... gone) {
      return new LeaseRules(1, 100, KEPT, List.of(gone)).violation(KEYS);
    }
  }

  private void put(String value, long from, long to, long revision) {
    history.add(
        Operation.answered(
            1,
            Request.of(new Step.Write("a", value, false)),
            from,
            to,
            new Answer(true, List.of(), revision)));
  }

  private void read(long from, long to, long revision) {
    history.add(
        Operation.answered(
            1,
            Request.of(new Step.Read("a")),
            from,
            to,
            new Answer(true, List.of(Optional.empty()), revision)));
  }
}
