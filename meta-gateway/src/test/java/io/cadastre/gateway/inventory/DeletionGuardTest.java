package io.cadastre.gateway.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.Visibility;
import io.cadastre.gateway.inventory.DeletionGuard.Decision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeletionGuardTest {

  private final DeletionGuard guard = new DeletionGuard(0.5, 3);

  @ParameterizedTest
  @CsvSource({
    "3, 3, false", // all of so few
    "4, 3, false",
    "4, 4, true",
    "8, 4, false", // half is not more than half
    "9, 5, true",
    "1000, 500, false",
    "1000, 501, true",
    "0, 0, false"
  })
  void moreThanHalfAndMoreThanThreeAtOnceAreHeld(long known, long vanished, boolean held) {
    Decision decision = guard.decide(Visibility.COMPLETE, "", known, vanished);
    assertThat(decision).isInstanceOf(held ? Decision.Hold.class : Decision.Apply.class);
  }

  @Test
  void theReasonNamesHowManyAndWhatIsAllowed() {
    assertThat(guard.decide(Visibility.COMPLETE, "", 10, 9))
        .isEqualTo(
            new Decision.Hold(
                "9 of 10 databases vanished at once (allowed without asking: 3, or 50 %)"));
  }

  @Test
  void whoMayNotSeeEverythingDeletesNothingHoweverLittleVanished() {
    assertThat(guard.decide(Visibility.RESTRICTED, "no SHOW DATABASES", 10, 1))
        .isInstanceOf(Decision.ApplyWithoutDeleting.class);
  }
}
