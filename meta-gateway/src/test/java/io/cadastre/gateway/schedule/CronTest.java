package io.cadastre.gateway.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CronTest {

  @Test
  void firesAtTheLocalTimeOfItsZone() {
    assertThat(firings("0 3 * * *", "Asia/Shanghai", "2026-11-21T00:00:00Z", 2))
        .containsExactly("2026-11-21T19:00:00Z", "2026-11-22T19:00:00Z");
  }

  @Test
  void aTimeThatTheClocksSkipFiresOnceAtTheSkip() {
    // Berlin, 29 March 2026: 02:00 becomes 03:00 at 01:00 UTC.
    assertThat(firings("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 4))
        .containsExactly(
            "2026-03-28T01:30:00Z",
            "2026-03-29T01:00:00Z",
            "2026-03-30T00:30:00Z",
            "2026-03-31T00:30:00Z");
  }

  @Test
  void severalSkippedTimesFireAsOne() {
    assertThat(firings("0,15,30,45 2,3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 4))
        .containsExactly(
            "2026-03-29T01:00:00Z",
            "2026-03-29T01:15:00Z",
            "2026-03-29T01:30:00Z",
            "2026-03-29T01:45:00Z");
  }

  @Test
  void aTimeThatTheClocksRepeatFiresOnce() {
    // Berlin, 25 October 2026: 03:00 becomes 02:00 at 01:00 UTC.
    assertThat(firings("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2))
        .containsExactly("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z");
    assertThat(firings("30 2 * * *", "Europe/Berlin", "2026-10-25T01:10:00Z", 1))
        .as("asked during the second pass")
        .containsExactly("2026-10-26T01:30:00Z");
  }

  @Test
  void everyMinuteGoesOnThroughTheRepeatedHour() {
    assertThat(firings("* * * * *", "Europe/Berlin", "2026-10-25T00:58:30Z", 3))
        .containsExactly("2026-10-25T00:59:00Z", "2026-10-25T01:00:00Z", "2026-10-25T01:01:00Z");
    assertThat(firings("*/30 * * * *", "Europe/Berlin", "2026-10-24T23:59:00Z", 5))
        .containsExactly(
            "2026-10-25T00:00:00Z",
            "2026-10-25T00:30:00Z",
            "2026-10-25T01:00:00Z",
            "2026-10-25T01:30:00Z",
            "2026-10-25T02:00:00Z");
  }

  @Test
  void everyHourGoesOnThroughTheSkippedHour() {
    assertThat(firings("30 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 3))
        .containsExactly("2026-03-29T00:30:00Z", "2026-03-29T01:30:00Z", "2026-03-29T02:30:00Z");
  }

  @Test
  void aShiftByHalfAnHourIsKeptToo() {
    // Lord Howe, 5 April 2026: 02:00 (UTC+11) becomes 01:30 (UTC+10:30) at 15:00 UTC.
    assertThat(firings("45 1 * * *", "Australia/Lord_Howe", "2026-04-04T00:00:00Z", 2))
        .containsExactly("2026-04-04T14:45:00Z", "2026-04-05T15:15:00Z");
    assertThat(firings("45 * * * *", "Australia/Lord_Howe", "2026-04-04T14:00:00Z", 3))
        .containsExactly("2026-04-04T14:45:00Z", "2026-04-04T15:15:00Z", "2026-04-04T16:15:00Z");
  }

  @Test
  void midnightExistsOnceEvenWhereItIsSkipped() {
    // Cairo, 24 April 2026: 00:00 becomes 01:00 at 22:00 UTC of the 23rd.
    assertThat(firings("@daily", "Africa/Cairo", "2026-04-22T12:00:00Z", 3))
        .containsExactly("2026-04-22T22:00:00Z", "2026-04-23T22:00:00Z", "2026-04-24T21:00:00Z");
  }

  @Test
  void overAYearInAnyZoneADailyLineFiresOnEachDayOnce() {
    for (String zone : List.of("Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe")) {
      for (String line : List.of("0 0 * * *", "30 1 * * *", "30 2 * * *", "15 3 * * *")) {
        List<Instant> year =
            Stream.iterate(
                    Instant.parse("2026-01-01T12:00:00Z"),
                    at -> cron(line, zone).next(at).orElseThrow())
                .skip(1)
                .takeWhile(at -> at.isBefore(Instant.parse("2027-01-01T12:00:00Z")))
                .toList();

        assertThat(year).as(line + " in " + zone).hasSize(365);
        assertThat(year.stream().map(at -> at.atZone(ZoneId.of(zone)).toLocalDate()).distinct())
            .as(line + " in " + zone)
            .hasSize(365);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0 3 * *",
        "0 0 3 * * *",
        "61 3 * * *",
        "a b c d e",
        "0 3 30 2 *",
        "@often",
        "*/0 * * * *",
        "0 3 * * * ; drop table"
      })
  void refusesWhatIsNoLine(String line) {
    assertThatThrownBy(() -> cron(line, "UTC")).isInstanceOf(IllegalArgumentException.class);
  }

  private static List<String> firings(String line, String zone, String after, int count) {
    Cron cron = cron(line, zone);
    return Stream.iterate(Instant.parse(after), at -> cron.next(at).orElseThrow())
        .skip(1)
        .limit(count)
        .map(Instant::toString)
        .toList();
  }

  private static Cron cron(String line, String zone) {
    return Cron.parse(line, ZoneId.of(zone));
  }
}
