package io.cadastre.gateway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class DueTest {

  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

  @Test
  void nothingIsDueBeforeItsTime() {
    assertThat(decide("0 13 * * *", NOON, NOON.plus(Duration.ofMinutes(59)))).isEmpty();
  }

  @Test
  void isDueAtItsTimeToTheSecond() {
    assertThat(decide("0 13 * * *", NOON, Instant.parse("2026-11-21T13:00:00Z")))
        .contains(new Due(Instant.parse("2026-11-21T13:00:00Z"), 0));
  }

  @Test
  void isNotDueAgainOnceHandled() {
    Instant fired = Instant.parse("2026-11-21T13:00:00Z");
    assertThat(decide("0 13 * * *", fired, fired.plusSeconds(1))).isEmpty();
  }

  @Test
  void afterThreeDaysDownTheMissedFiringsAreCaughtUpByOne() {
    assertThat(decide("0 3 * * *", NOON, NOON.plus(Duration.ofDays(3))))
        .contains(new Due(Instant.parse("2026-11-24T03:00:00Z"), 2));
  }

  @Test
  @Timeout(10)
  void aYearDownWithALineOfEveryMinuteIsDecidedAtOnce() {
    assertThat(decide("* * * * *", NOON, NOON.plus(Duration.ofDays(365)).plusSeconds(30)))
        .contains(new Due(NOON.plus(Duration.ofDays(365)), 1000));
    assertThat(decide("*/5 3 * * *", NOON, NOON.plus(Duration.ofDays(365))))
        .contains(new Due(Instant.parse("2027-11-21T03:55:00Z"), 1000));
  }

  @Test
  void aClockSetBackFiresNothingTwice() {
    assertThat(decide("* * * * *", NOON, NOON.minus(Duration.ofHours(1)))).isEmpty();
  }

  @Test
  void downOverTheChangeOfClocksStillFiresOnce() {
    assertThat(
            Due.decide(
                Cron.parse("30 2 * * *", ZoneId.of("Europe/Berlin")),
                Instant.parse("2026-10-24T12:00:00Z"),
                Instant.parse("2026-10-25T01:40:00Z")))
        .contains(new Due(Instant.parse("2026-10-25T00:30:00Z"), 0));
  }

  @Test
  void askedEverySecondItFiresEachMinuteOnce() {
    Instant handled = NOON;
    List<Instant> fired = new ArrayList<>();
    for (Instant now = NOON; now.isBefore(NOON.plusSeconds(300)); now = now.plusSeconds(1)) {
      Optional<Due> due = decide("* * * * *", handled, now);
      if (due.isPresent()) {
        fired.add(due.get().fireTime());
        handled = due.get().fireTime();
      }
    }
    assertThat(fired)
        .containsExactly(
            NOON.plusSeconds(60),
            NOON.plusSeconds(120),
            NOON.plusSeconds(180),
            NOON.plusSeconds(240));
  }

  private static Optional<Due> decide(String line, Instant handledThrough, Instant now) {
    return Due.decide(Cron.parse(line, ZoneId.of("UTC")), handledThrough, now);
  }
}
