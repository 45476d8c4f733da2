package io.cadastre.kv.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a lease promises: its keys live until nobody has kept it alive for its time to live, and
 * then they go, together and once.
 *
 * @param kept when it was granted and every time it was kept alive
 * @param gone when it was heard that its keys were deleted; none = never
 */
record LeaseRules(long id, long ttlNanos, List<Kept> kept, List<Gone> gone) {

  /** Between these moments the member that leads answered that the lease lives as long again. */
  record Kept(long asked, long answered) {}

  /** A key that was deleted. */
  record Gone(long heard, String key, long revision) {}

  LeaseRules {
    kept = List.copyOf(kept);
    gone = List.copyOf(gone);
  }

  /**
   * Says what was broken.
   *
   * @param keys that hang on it
   */
  Optional<String> violation(List<String> keys) {
    List<String> broken = new ArrayList<>();
    for (Gone each : gone) {
      for (Kept before : kept) {
        // It was deleted before that was heard, so that this can only be too mild.
        if (before.asked < each.heard && each.heard < before.asked + ttlNanos) {
          broken.add("%s was deleted early: %s after %s".formatted(each.key, each, before));
        } else if (before.asked > each.heard) {
          broken.add("kept alive after its end: %s after %s".formatted(before, each));
        }
      }
    }
    if (!gone.isEmpty()
        && !gone.stream()
            .map(Gone::key)
            .sorted()
            .toList()
            .equals(keys.stream().sorted().toList())) {
      broken.add("of " + keys + " these were deleted: " + gone);
    }
    if (gone.stream().map(Gone::revision).distinct().count() > 1) {
      broken.add("torn apart: " + gone);
    }
    return broken.stream().findFirst().map(first -> "lease " + id + ": " + first);
  }
}
