package io.cadastre.messaging.receive;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;

/**
 * A topic with some partitions, a group offset for each, and a receiver that takes, finishes, loses
 * and regains at random. Every step checks what {@link Lanes} promises.
 */
final class LanesSimulation {

  private static final int PARTITIONS = 3;
  private static final int RECORDS = 80;

  /** A record: its place and its key. */
  private record Spot(int partition, int offset, int key) {

    Lane.LaneKey<Integer> lane() {
      return new Lane.LaneKey<>(partition, key);
    }
  }

  private final Random random;
  private final int concurrency;
  private final int lookAhead;
  private final Lanes<Integer, Spot> lanes;
  private final List<List<Spot>> log = new ArrayList<>();
  private final int[] committed = new int[PARTITIONS];
  private final int[] position = new int[PARTITIONS];
  private final boolean[] assigned = new boolean[PARTITIONS];
  private final Set<Spot> handled = new HashSet<>();
  private final List<Set<Spot>> handledSinceAssigned = new ArrayList<>();
  private final int[] assignedFrom = new int[PARTITIONS];
  private final List<Work<Integer, Spot>> running = new ArrayList<>();
  private final List<Work<Integer, Spot>> parked = new ArrayList<>();

  /** Of those running, the ones whose partition has moved away since. */
  private final Set<Work<Integer, Spot>> orphans = new HashSet<>();

  LanesSimulation(long seed) {
    random = new Random(seed);
    concurrency = 1 + random.nextInt(6);
    lookAhead = 1 + random.nextInt(12);
    lanes = new Lanes<>(concurrency, lookAhead, 1 + random.nextInt(40));
    for (int partition = 0; partition < PARTITIONS; partition++) {
      List<Spot> records = new ArrayList<>();
      for (int offset = 0; offset < RECORDS; offset++) {
        records.add(new Spot(partition, offset, random.nextInt(4)));
      }
      log.add(records);
      handledSinceAssigned.add(new HashSet<>());
    }
  }

  void run(int steps) {
    for (int step = 0; step < steps; step++) {
      int partition = random.nextInt(PARTITIONS);
      switch (random.nextInt(12)) {
        case 0 -> assign(partition);
        case 1, 2, 3 -> take(partition);
        case 4, 5, 6, 7 -> finishOne();
        case 8 -> parkOne();
        case 9 -> resumeOne();
        case 10 -> commit(partition);
        default -> maybeGiveUp(partition);
      }
      start();
    }
    drain();
  }

  private void assign(int partition) {
    if (!assigned[partition]) {
      assigned[partition] = true;
      position[partition] = committed[partition];
      assignedFrom[partition] = committed[partition];
      handledSinceAssigned.get(partition).clear();
      lanes.assign(partition);
    }
  }

  private void take(int partition) {
    int batch = 1 + random.nextInt(lookAhead);
    if (!assigned[partition] || lanes.isFull(partition, batch)) {
      return;
    }
    for (int i = 0; i < batch && position[partition] < RECORDS; i++) {
      Spot next = log.get(partition).get(position[partition]++);
      lanes.add(partition, next.offset(), next.key(), 1, next);
    }
    assertThat(lanes.held(partition)).isLessThanOrEqualTo(lookAhead);
  }

  private void start() {
    for (Work<Integer, Spot> work : lanes.start()) {
      Spot spot = work.record();
      assertThat(running).extracting(one -> one.record().lane()).doesNotContain(spot.lane());
      Set<Spot> done = handledSinceAssigned.get(spot.partition());
      for (int before = assignedFrom[spot.partition()]; before < spot.offset(); before++) {
        Spot earlier = log.get(spot.partition()).get(before);
        if (earlier.key() == spot.key()) {
          assertThat(done.contains(earlier)).as("%s before %s", earlier, spot).isTrue();
        }
      }
      running.add(work);
    }
    assertThat(running).hasSizeLessThanOrEqualTo(concurrency).hasSize(lanes.running());
  }

  private void finishOne() {
    if (!running.isEmpty()) {
      finish(running.remove(random.nextInt(running.size())));
    }
  }

  private void finish(Work<Integer, Spot> work) {
    handled.add(work.record());
    if (!orphans.remove(work)) {
      handledSinceAssigned.get(work.record().partition()).add(work.record());
    }
    lanes.finish(work);
  }

  private void parkOne() {
    if (!running.isEmpty()) {
      Work<Integer, Spot> work = running.remove(random.nextInt(running.size()));
      lanes.park(work);
      if (!orphans.remove(work)) {
        parked.add(work);
      }
    }
  }

  private void resumeOne() {
    if (!parked.isEmpty()) {
      lanes.resume(parked.remove(random.nextInt(parked.size())));
    }
  }

  private void commit(int partition) {
    if (assigned[partition]) {
      commit(partition, lanes.committable(partition));
    }
  }

  private void commit(int partition, OptionalLong offset) {
    offset.ifPresent(next -> {
      assertThat(next).isGreaterThanOrEqualTo(committed[partition]);
      for (Spot spot : log.get(partition).subList(committed[partition], (int) next)) {
        assertThat(handled.contains(spot)).as("%s", spot).isTrue();
      }
      committed[partition] = (int) next;
    });
  }

  private void maybeGiveUp(int partition) {
    if (!assigned[partition] || random.nextInt(4) > 0) {
      return;
    }
    OffsetLedger ledger = lanes.revoke(partition);
    assigned[partition] = false;
    // Some running work ends while the partition is given up, some only afterwards.
    for (Work<Integer, Spot> work : List.copyOf(running)) {
      if (work.ledger() == ledger && random.nextBoolean()) {
        running.remove(work);
        finish(work);
      }
    }
    if (random.nextBoolean()) {
      commit(partition, ledger.committable());
    }
    for (Work<Integer, Spot> work : running) {
      if (work.ledger() == ledger) {
        orphans.add(work);
      }
    }
  }

  /** Left alone, the receiver gets through everything. */
  private void drain() {
    for (int round = 0; round < PARTITIONS * RECORDS * 3 && !allCommitted(); round++) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        assign(partition);
        take(partition);
        commit(partition);
      }
      while (!parked.isEmpty()) {
        resumeOne();
      }
      start();
      while (!running.isEmpty()) {
        finishOne();
      }
    }
    assertThat(committed).containsOnly(RECORDS);
  }

  private boolean allCommitted() {
    return Arrays.stream(committed).allMatch(offset -> offset == RECORDS);
  }
}
