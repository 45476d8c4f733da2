package io.cadastre.gateway.size;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.List;
import java.util.Locale;

/** How fast a size moves, or why nobody can say. */
sealed interface Trend {

  /** Measured days that a trend needs at least, and how far apart the first and the last lie. */
  int MIN_POINTS = 5;

  double MIN_DAYS = 4;

  /** The jumps that were set aside, in order of time. */
  List<LevelShift> shifts();

  int points();

  /** From the first to the last measurement the trend rests on. */
  double days();

  /** How far to trust a trend. */
  enum Confidence {
    NONE,
    /** A few days only, or the days before a recent jump had to help out. */
    LOW,
    /** At least two weeks. */
    MEDIUM,
    /** At least four weeks, and the slopes agree. */
    HIGH;

    @JsonValue
    String code() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A trend worth showing. */
  record Known(
      TheilSen slope, Confidence confidence, int points, double days, List<LevelShift> shifts)
      implements Trend {

    /** Whether the size grows or shrinks beyond what chance explains. */
    boolean clear() {
      return slope.low() > 0 || slope.high() < 0;
    }
  }

  /** Too little to tell. */
  record Unknown(int points, double days, List<LevelShift> shifts) implements Trend {}

  /** Of at most one measurement a day, in order of time. */
  static Trend of(List<SizePoint> points) {
    Regimes regimes = Regimes.of(points);
    if (regimes.parts().isEmpty()) {
      return new Unknown(0, 0, List.of());
    }
    List<SizePoint> last = regimes.last();
    if (enough(last.size(), span(last))) {
      return known(List.of(last), false, regimes.shifts());
    }
    // Growth usually goes on after a jump as it was before it.
    List<List<SizePoint>> all = regimes.parts();
    if (all.size() > 1 && enough(count(all), all.stream().mapToDouble(Trend::span).sum())) {
      return known(all, true, regimes.shifts());
    }
    return new Unknown(points.size(), span(points), regimes.shifts());
  }

  private static Known known(
      List<List<SizePoint>> stretches, boolean afterJump, List<LevelShift> shifts) {
    TheilSen slope = TheilSen.over(stretches);
    int points = count(stretches);
    double days = stretches.stream().mapToDouble(Trend::span).sum();
    Confidence confidence = afterJump ? Confidence.LOW : confidence(slope, points, days);
    return new Known(slope, confidence, points, days, shifts);
  }

  private static Confidence confidence(TheilSen slope, int points, double days) {
    if (points < 10 || days < 13.5) {
      return Confidence.LOW;
    }
    boolean agree = slope.uncertainty() <= Math.max(Math.abs(slope.perDay()) / 4, 1);
    return points >= 20 && days >= 27.5 && agree ? Confidence.HIGH : Confidence.MEDIUM;
  }

  private static boolean enough(int points, double days) {
    // Daily measurements are never to the second a day apart.
    return points >= MIN_POINTS && days >= MIN_DAYS - 0.5;
  }

  private static int count(List<List<SizePoint>> stretches) {
    return stretches.stream().mapToInt(List::size).sum();
  }

  private static double span(List<SizePoint> points) {
    return points.getLast().day() - points.getFirst().day();
  }
}
