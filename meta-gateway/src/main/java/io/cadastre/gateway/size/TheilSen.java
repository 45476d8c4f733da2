package io.cadastre.gateway.size;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * The median of the slopes between all pairs of points: up to a quarter of the points may be
 * arbitrarily wrong without moving it far.
 *
 * @param perDay bytes a day
 * @param low the slope lies above this with 95 % probability (Sen's interval)
 * @param high and below this
 * @param pairs how many slopes it is the median of
 */
record TheilSen(double perDay, double low, double high, int pairs) {

  private static final double NORMAL_QUANTILE = 1.96;
  private static final int DAYS_OF_WEEK = 7;
  private static final double SAME_WEEKDAY_TOLERANCE_DAYS = 0.25;

  /** With fewer, pairs of the same weekday alone say too little. */
  private static final double WEEKS_FOR_WEEKDAYS = 3;

  /**
   * The slope common to several stretches; no pair reaches from one into another. With three weeks
   * in a stretch only equal weekdays are paired there, so a weekly rhythm cancels out.
   */
  static TheilSen over(List<List<SizePoint>> stretches) {
    var slopes = new ArrayList<Double>();
    double variance = 0;
    for (List<SizePoint> stretch : stretches) {
      for (List<SizePoint> comparable : comparable(stretch)) {
        addSlopes(comparable, slopes);
        variance += varianceOfKendall(comparable.size());
      }
    }
    double[] sorted = slopes.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    double reach = NORMAL_QUANTILE * Math.sqrt(variance);
    return new TheilSen(
        Median.ofSorted(sorted),
        at(sorted, (sorted.length - reach) / 2 - 1),
        at(sorted, (sorted.length + reach) / 2),
        sorted.length);
  }

  private static List<List<SizePoint>> comparable(List<SizePoint> stretch) {
    if (stretch.isEmpty()
        || stretch.getLast().day() - stretch.getFirst().day() < WEEKS_FOR_WEEKDAYS * DAYS_OF_WEEK) {
      return List.of(stretch);
    }
    double origin = stretch.getFirst().day();
    Map<Long, List<SizePoint>> byWeekday = new HashMap<>();
    for (SizePoint point : stretch) {
      long nearest = Math.round(point.day() - origin);
      if (Math.abs(point.day() - origin - nearest) <= SAME_WEEKDAY_TOLERANCE_DAYS) {
        byWeekday.computeIfAbsent(nearest % DAYS_OF_WEEK, _ -> new ArrayList<>()).add(point);
      }
    }
    int paired = byWeekday.values().stream().mapToInt(List::size).sum();
    // Measured at odd hours: better all pairs than the few that line up.
    return paired * 2 > stretch.size() ? List.copyOf(byWeekday.values()) : List.of(stretch);
  }

  private static void addSlopes(List<SizePoint> points, List<Double> slopes) {
    for (int i = 0; i < points.size(); i++) {
      for (int j = i + 1; j < points.size(); j++) {
        double days = points.get(j).day() - points.get(i).day();
        if (days > 0) {
          slopes.add(((double) points.get(j).bytes() - points.get(i).bytes()) / days);
        }
      }
    }
  }

  private static double varianceOfKendall(int n) {
    return n * (n - 1.0) * (2.0 * n + 5) / 18;
  }

  private static double at(double[] sorted, double rank) {
    if (sorted.length == 0) {
      return 0;
    }
    return sorted[Math.clamp(Math.round(rank), 0, sorted.length - 1)];
  }

  /** Half the width of the interval, in bytes a day. */
  double uncertainty() {
    return DoubleStream.of(high - perDay, perDay - low).max().orElse(0);
  }
}
