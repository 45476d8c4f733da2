package io.cadastre.messaging.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class LanesTest {

  private final Lanes<Integer, String> lanes = new Lanes<>(2, 4, 1_000);

  LanesTest() {
    lanes.assign(0);
  }

  private List<Work<Integer, String>> add(long offset, String key) {
    lanes.add(0, offset, key, 1, key + "@" + offset);
    return lanes.start();
  }

  @Test
  void sameKeyWaitsAndAnotherDoesNot() {
    assertThat(add(0, "a")).hasSize(1);
    assertThat(add(1, "a")).isEmpty();
    assertThat(add(2, "b")).extracting(Work::record).containsExactly("b@2");
  }

  @Test
  void commitWaitsForTheSlowOne() {
    Work<Integer, String> slow = add(10, "a").getFirst();
    Work<Integer, String> quick = add(11, "b").getFirst();
    lanes.finish(quick);
    assertThat(lanes.committable(0)).isEmpty();
    lanes.finish(slow);
    assertThat(lanes.committable(0)).isEqualTo(OptionalLong.of(12));
  }

  @Test
  void partitionIsFullWhileItsFirstRecordIsUnfinished() {
    Work<Integer, String> slow = add(0, "a").getFirst();
    for (int offset = 1; offset < 4; offset++) {
      lanes.finish(add(offset, "b").getFirst());
    }
    assertThat(lanes.isFull(0, 1)).isTrue();
    assertThatThrownBy(() -> add(4, "c")).hasMessageContaining("0 is full");
    lanes.finish(slow);
    assertThat(lanes.isFull(0, 4)).isFalse();
  }

  @Test
  void heldBytesAreBounded() {
    Lanes<Integer, String> small = new Lanes<>(1, 100, 10);
    small.assign(0);
    small.add(0, 0, "a", 12, "big");
    assertThat(small.isFull(0, 1)).isTrue();
    small.finish(small.start().getFirst());
    assertThat(small.isFull(0, 1)).isFalse();
  }

  @Test
  void anOutageFreesTheSlotAndHoldsTheKey() {
    Work<Integer, String> first = add(0, "a").getFirst();
    Work<Integer, String> second = add(1, "b").getFirst();
    assertThat(add(2, "a")).isEmpty();
    assertThat(add(3, "c")).isEmpty();
    lanes.park(first);
    assertThat(lanes.start()).extracting(Work::record).containsExactly("c@3");
    lanes.finish(second);
    assertThat(lanes.start()).isEmpty();
    lanes.resume(first);
    assertThat(lanes.start()).containsExactly(first);
    assertThat(first.failures()).isEqualTo(1);
  }

  @Test
  void aKeyThatStillRunsIsNotStartedAgainWhenItsPartitionComesBack() {
    Work<Integer, String> orphan = add(0, "a").getFirst();
    OffsetLedger revoked = lanes.revoke(0);
    assertThat(revoked.running()).isEqualTo(1);
    lanes.assign(0);
    assertThat(add(0, "a")).isEmpty();
    lanes.finish(orphan);
    assertThat(lanes.committable(0)).as("the orphan's success is not the new owner's").isEmpty();
    assertThat(lanes.start()).extracting(Work::record).containsExactly("a@0");
  }
}
