package io.cadastre.gateway.size;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A series cut where its level jumps, so that a truncate or an import is not mistaken for growth.
 *
 * <p>A step between two neighbours is a jump when it differs from the usual step by far more than
 * steps usually differ, is large against the size itself, and lasts: one odd measurement that is
 * gone the next day is no jump. Steps that recur on the same weekday (a purge every Sunday) are
 * usual steps.
 *
 * @param parts in order, never empty ones
 * @param shifts between the parts, one fewer
 */
record Regimes(List<List<SizePoint>> parts, List<LevelShift> shifts) {

  /** How many robust standard deviations from the usual step make a jump. */
  private static final double JUMP_DEVIATIONS = 8;

  private static final double JUMP_SHARE_OF_SIZE = 0.05;
  private static final double JUMP_BYTES = 1 << 20;

  /** Weeks of history before a weekday's own step is known. */
  private static final int WEEKS_FOR_WEEKDAYS = 3;

  private static final int NEIGHBOURS = 3;
  private static final int DAYS_OF_WEEK = 7;

  /** Cuts a series of at most one point a day, in order of time. */
  static Regimes of(List<SizePoint> points) {
    double[] surprises = surprises(points);
    double threshold = threshold(points, surprises);
    var parts = new ArrayList<List<SizePoint>>();
    var shifts = new ArrayList<LevelShift>();
    int start = 0;
    for (int i = 1; i < points.size(); i++) {
      if (Math.abs(surprises[i - 1]) > threshold && lasts(points, start, i, surprises[i - 1])) {
        parts.add(points.subList(start, i));
        shifts.add(new LevelShift(points.get(i).at(), Math.round(surprises[i - 1])));
        start = i;
      }
    }
    if (start < points.size()) {
      parts.add(points.subList(start, points.size()));
    }
    return new Regimes(List.copyOf(parts), List.copyOf(shifts));
  }

  List<SizePoint> last() {
    return parts.getLast();
  }

  /** Each step to the next point minus the step that was to be expected. */
  private static double[] surprises(List<SizePoint> points) {
    int steps = Math.max(0, points.size() - 1);
    double[] rates = new double[steps];
    for (int i = 0; i < steps; i++) {
      rates[i] = step(points, i) / days(points, i);
    }
    double usual = Median.of(rates);
    double[] surprises = new double[steps];
    for (int i = 0; i < steps; i++) {
      surprises[i] = step(points, i) - usual * days(points, i);
    }
    for (int weekday = 0; weekday < DAYS_OF_WEEK; weekday++) {
      int[] same = stepsInto(points, weekday);
      if (same.length >= WEEKS_FOR_WEEKDAYS) {
        double ofWeekday = Median.of(IntStream.of(same).mapToDouble(i -> surprises[i]).toArray());
        for (int i : same) {
          surprises[i] -= ofWeekday;
        }
      }
    }
    return surprises;
  }

  private static int[] stepsInto(List<SizePoint> points, int weekday) {
    return IntStream.range(0, Math.max(0, points.size() - 1))
        .filter(i -> Math.floorMod((long) points.get(i + 1).day(), DAYS_OF_WEEK) == weekday)
        .toArray();
  }

  private static double threshold(List<SizePoint> points, double[] surprises) {
    double size = Median.of(points.stream().mapToDouble(SizePoint::bytes).toArray());
    return Math.max(
        JUMP_DEVIATIONS * Median.deviation(surprises),
        Math.max(JUMP_SHARE_OF_SIZE * size, JUMP_BYTES));
  }

  /** Whether the points after the jump stay at least half of it away from those before. */
  private static boolean lasts(List<SizePoint> points, int from, int jump, double surprise) {
    double before = level(points, Math.max(from, jump - NEIGHBOURS), jump);
    double after = level(points, jump, Math.min(points.size(), jump + NEIGHBOURS));
    return Math.signum(after - before) == Math.signum(surprise)
        && Math.abs(after - before) >= Math.abs(surprise) / 2;
  }

  private static double level(List<SizePoint> points, int from, int to) {
    return Median.of(points.subList(from, to).stream().mapToDouble(SizePoint::bytes).toArray());
  }

  private static double step(List<SizePoint> points, int i) {
    return (double) points.get(i + 1).bytes() - points.get(i).bytes();
  }

  private static double days(List<SizePoint> points, int i) {
    return points.get(i + 1).day() - points.get(i).day();
  }
}
