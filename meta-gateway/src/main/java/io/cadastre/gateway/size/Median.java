package io.cadastre.gateway.size;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** The middle of some numbers, and how far they stray from it: neither heeds a few wild ones. */
final class Median {

  /** Makes the median absolute deviation of normal noise its standard deviation. */
  private static final double NORMAL_CONSISTENCY = 1.4826;

  private Median() {}

  /** Zero for none. */
  static double of(double[] values) {
    return ofSorted(DoubleStream.of(values).sorted().toArray());
  }

  static double ofSorted(double[] sorted) {
    int n = sorted.length;
    if (n == 0) {
      return 0;
    }
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
  }

  static double deviation(double[] values) {
    double middle = of(values);
    return NORMAL_CONSISTENCY * of(Arrays.stream(values).map(v -> Math.abs(v - middle)).toArray());
  }
}
