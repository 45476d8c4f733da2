package io.cadastre.gateway.inventory;

import io.cadastre.contracts.events.Visibility;

/**
 * Decides what absence from a complete scan means.
 *
 * @param maxVanishedShare of the known databases that may vanish at once, 0 to 1
 * @param maxVanished databases may always vanish at once, however large their share
 */
record DeletionGuard(double maxVanishedShare, int maxVanished) {

  /** What to do with a scan. */
  sealed interface Decision {

    /** What is absent is deleted. */
    record Apply() implements Decision {}

    /** What is there is taken in, what is absent stays. */
    record ApplyWithoutDeleting(String warning) implements Decision {}

    /** Nothing is applied before an operator decides. */
    record Hold(String reason) implements Decision {}
  }

  Decision decide(Visibility visibility, String visibilityReason, long known, long vanished) {
    if (visibility == Visibility.RESTRICTED) {
      return new Decision.ApplyWithoutDeleting(
          "Nothing was marked deleted, since the account may not see every database: "
              + visibilityReason);
    }
    if (vanished > maxVanished && vanished > known * maxVanishedShare) {
      return new Decision.Hold(
          "%d of %d databases vanished at once (allowed without asking: %d, or %.0f %%)"
              .formatted(vanished, known, maxVanished, maxVanishedShare * 100));
    }
    return new Decision.Apply();
  }
}
