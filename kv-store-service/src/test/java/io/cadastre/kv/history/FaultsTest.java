package io.cadastre.kv.history;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients are told while members are killed, paused, cut off, replaced and left behind. As
 * many operations as a few seconds are worth in the build; more with {@code
 * -Dcadastre.kv.history.seconds=…} or {@code -Pfaults}. A run is told again with {@code
 * -Dcadastre.kv.history.seed=…}, as far as threads allow.
 */
class FaultsTest {

  /** How many seconds are planned. */
  static final String LENGTH = "cadastre.kv.history.seconds";

  private static final int SECONDS = Integer.getInteger(LENGTH, 12);

  private final long seed = Long.getLong("cadastre.kv.history.seed", System.nanoTime());

  @TempDir private Path directory;

  @Test
  void oneMemberKeepsItsPromisesWhileItIsKilledAndPaused() throws Exception {
    try (Members members = Members.start(directory, 1)) {
      trial(members).withLeases().withUpkeep().run(new Faults(members).alone());
    }
  }

  @Test
  void threeMembersKeepTheirPromisesWhileTheyAreKilledPausedAndCutOff() throws Exception {
    try (Members members = Members.start(directory, 3)) {
      trial(members).withLeases().run(new Faults(members).together());
    }
  }

  @Test
  @EnabledIfSystemProperty(named = LENGTH, matches = "\\d{3,}", disabledReason = "takes minutes")
  void fiveMembersKeepTheirPromisesWhateverHappensToTheFewer() throws Exception {
    try (Members members = Members.start(directory, 5, "--snapshot-count=" + Faults.SAVED_EVERY)) {
      trial(members).withLeases().withUpkeep().run(new Faults(members).everything());
    }
  }

  @Test
  void membersAreReplacedAndLeftBehindWhileHistoryIsCompactedAndStoresAreDefragmented()
      throws Exception {
    try (Members members = Members.start(directory, 3, "--snapshot-count=" + Faults.SAVED_EVERY)) {
      trial(members).withLeases().withUpkeep().withCompaction().run(new Faults(members).changes());
    }
  }

  private Trial trial(Members members) {
    return new Trial(members, seed, SECONDS);
  }
}
