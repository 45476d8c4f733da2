package io.cadastre.gateway.size;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.temporal.TemporalAdjusters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** How far apart the points of a series lie. */
enum Interval {
  SAMPLE,
  DAILY,
  /** ISO weeks: they begin on Monday. */
  WEEKLY,
  MONTHLY;

  static final String ALLOWED =
      Arrays.stream(values()).map(Interval::code).collect(Collectors.joining(", "));

  @JsonValue
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static Optional<Interval> ofCode(String code) {
    return Arrays.stream(values()).filter(interval -> interval.code().equals(code)).findFirst();
  }

  /** The first day of the period that holds a day. */
  LocalDate startOf(LocalDate day) {
    return switch (this) {
      case SAMPLE, DAILY -> day;
      case WEEKLY -> day.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
      case MONTHLY -> day.withDayOfMonth(1);
    };
  }

  /** The first day after the period that begins on a day. */
  LocalDate endOf(LocalDate start) {
    return switch (this) {
      case SAMPLE, DAILY -> start.plusDays(1);
      case WEEKLY -> start.plusWeeks(1);
      case MONTHLY -> start.plusMonths(1);
    };
  }
}
