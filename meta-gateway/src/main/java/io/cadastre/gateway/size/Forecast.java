package io.cadastre.gateway.size;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a size is heading.
 *
 * @param trendBytesPerDay absent where {@code confidence} is none
 * @param trendLowBytesPerDay the trend lies between this and the next with 95 % probability
 * @param capacityBytes absent where none is known
 * @param daysUntilLimit until {@code capacityBytes}; absent where it cannot be said, {@code reason}
 *     says why
 * @param limitReachedAt the same as a moment
 * @param reason why {@code daysUntilLimit} or the trend itself is absent
 * @param points measured days the trend rests on
 * @param days from the first of them to the last
 * @param levelShifts jumps set aside as no growth
 */
record Forecast(
    Trend.Confidence confidence,
    @Nullable Long trendBytesPerDay,
    @Nullable Long trendLowBytesPerDay,
    @Nullable Long trendHighBytesPerDay,
    @Nullable Long capacityBytes,
    @Nullable Double daysUntilLimit,
    @Nullable Instant limitReachedAt,
    @Nullable Reason reason,
    @Nullable String explanation,
    int points,
    double days,
    List<LevelShift> levelShifts) {

  /** Beyond ten years nobody plans by a trend. */
  private static final double HORIZON_DAYS = 3650;

  private static final double SECONDS_PER_DAY = 86_400;

  /** Why there is no date. */
  enum Reason {
    TOO_LITTLE_HISTORY,
    NO_CAPACITY,
    NOT_GROWING,
    NO_CLEAR_TREND,
    BEYOND_TEN_YEARS;

    @JsonValue
    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  static Forecast of(
      Trend trend, @Nullable Long latestBytes, @Nullable Long capacity, Instant now) {
    return switch (trend) {
      case Trend.Unknown unknown -> unknown(unknown, latestBytes, capacity, now);
      case Trend.Known known -> known(known, latestBytes, capacity, now);
    };
  }

  private static Forecast unknown(
      Trend.Unknown trend, @Nullable Long latestBytes, @Nullable Long capacity, Instant now) {
    boolean full = capacity != null && latestBytes != null && latestBytes >= capacity;
    return new Forecast(
        Trend.Confidence.NONE,
        null,
        null,
        null,
        capacity,
        full ? 0.0 : null,
        full ? now : null,
        Reason.TOO_LITTLE_HISTORY,
        String.format(
            Locale.ROOT,
            "measured on %d days over %.1f days (needed: at least %d over %.0f, since the last jump"
                + " or around it)",
            trend.points(),
            trend.days(),
            Trend.MIN_POINTS,
            Trend.MIN_DAYS),
        trend.points(),
        rounded(trend.days()),
        trend.shifts());
  }

  private static Forecast known(
      Trend.Known trend, @Nullable Long latestBytes, @Nullable Long capacity, Instant now) {
    TheilSen slope = trend.slope();
    Reason reason = null;
    Double days = null;
    if (capacity == null || latestBytes == null) {
      reason = Reason.NO_CAPACITY;
    } else if (latestBytes >= capacity) {
      days = 0.0;
    } else if (!trend.clear()) {
      reason = Reason.NO_CLEAR_TREND;
    } else if (slope.perDay() <= 0) {
      reason = Reason.NOT_GROWING;
    } else {
      days = (capacity - latestBytes) / slope.perDay();
      if (days > HORIZON_DAYS) {
        days = null;
        reason = Reason.BEYOND_TEN_YEARS;
      }
    }
    return new Forecast(
        trend.confidence(),
        Math.round(slope.perDay()),
        Math.round(slope.low()),
        Math.round(slope.high()),
        capacity,
        days == null ? null : rounded(days),
        days == null ? null : now.plus(Duration.ofSeconds(Math.round(days * SECONDS_PER_DAY))),
        reason,
        reason == null ? null : explanation(reason),
        trend.points(),
        rounded(trend.days()),
        trend.shifts());
  }

  private static String explanation(Reason reason) {
    return switch (reason) {
      case TOO_LITTLE_HISTORY -> "too little history";
      case NO_CAPACITY -> "no capacity_bytes is set that it could grow to";
      case NOT_GROWING -> "the size does not grow";
      case NO_CLEAR_TREND -> "the size moves up and down without a clear direction";
      case BEYOND_TEN_YEARS -> "more than ten years at this pace";
    };
  }

  private static double rounded(double days) {
    return Math.round(days * 10) / 10.0;
  }
}
