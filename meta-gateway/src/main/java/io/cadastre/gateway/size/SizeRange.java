package io.cadastre.gateway.size;

import io.cadastre.gateway.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What stretch of time a chart shows, and how fine.
 *
 * @param from inclusive
 * @param to exclusive
 */
record SizeRange(Interval interval, Instant from, Instant to) {

  /** A chart has no more pixels than this. */
  private static final int PERIODS_MAX = 2000;

  private static final String TIMES = "an RFC 3339 time or a date, such as 2026-01-31T00:00:00Z";

  /** Reads the parameters of a request; absent ones show the latest stretch of a useful length. */
  static SizeRange of(
      @Nullable String interval,
      @Nullable String from,
      @Nullable String to,
      ZoneId zone,
      Instant now) {
    Interval chosen =
        interval == null
            ? Interval.DAILY
            : Interval.ofCode(interval)
                .orElseThrow(
                    () -> ProblemException.invalid("interval", interval, Interval.ALLOWED));
    Instant end = to == null ? now.plusSeconds(1) : time("to", to, zone);
    Instant start = from == null ? usualStart(chosen, end, zone) : time("from", from, zone);
    if (!start.isBefore(end)) {
      throw ProblemException.invalid("from", from, "a time before to, which is " + end);
    }
    var range = new SizeRange(chosen, start, end);
    if (chosen != Interval.SAMPLE && range.periods(zone) > PERIODS_MAX) {
      throw ProblemException.invalid(
          "from", from, "a time so that at most %d periods lie before to".formatted(PERIODS_MAX));
    }
    return range;
  }

  /** The first day of the first period. */
  LocalDate first(ZoneId zone) {
    return interval.startOf(LocalDate.ofInstant(from, zone));
  }

  /** A day in the last period. */
  LocalDate last(ZoneId zone) {
    return LocalDate.ofInstant(to.minusNanos(1), zone);
  }

  private long periods(ZoneId zone) {
    long days = ChronoUnit.DAYS.between(first(zone), last(zone)) + 1;
    return switch (interval) {
      case SAMPLE, DAILY -> days;
      case WEEKLY -> days / 7;
      case MONTHLY -> days / 28;
    };
  }

  private static Instant usualStart(Interval interval, Instant to, ZoneId zone) {
    Period length =
        switch (interval) {
          case SAMPLE -> Period.ofDays(7);
          case DAILY -> Period.ofDays(90);
          case WEEKLY -> Period.ofYears(2);
          case MONTHLY -> Period.ofYears(5);
        };
    return to.atZone(zone).minus(length).toInstant();
  }

  private static Instant time(String field, String text, ZoneId zone) {
    try {
      Instant time =
          text.length() == "2026-01-31".length()
              ? LocalDate.parse(text).atStartOfDay(zone).toInstant()
              : OffsetDateTime.parse(text).toInstant();
      // PostgreSQL's calendar does not reach as far as Java's.
      if (time.atZone(zone).getYear() >= 1970 && time.atZone(zone).getYear() <= 9999) {
        return time;
      }
    } catch (DateTimeException e) {
      throw ProblemException.invalid(field, text, TIMES);
    }
    throw ProblemException.invalid(field, text, TIMES + ", from 1970 to 9999");
  }
}
