package io.cadastre.kv.metrics;

import java.util.concurrent.atomic.LongAdder;

/** How long something took, how often. */
public final class Histogram {

  private static final double NANOS = 1e9;

  private final double[] limits;
  private final LongAdder[] counts;
  private final LongAdder nanos = new LongAdder();

  private Histogram(double[] limits) {
    this.limits = limits;
    counts = new LongAdder[limits.length + 1];
    for (int i = 0; i < counts.length; i++) {
      counts[i] = new LongAdder();
    }
  }

  /** With limits that double. */
  public static Histogram doubling(double firstSeconds, int limits) {
    double[] seconds = new double[limits];
    double limit = firstSeconds;
    for (int i = 0; i < limits; i++) {
      seconds[i] = limit;
      limit *= 2;
    }
    return new Histogram(seconds);
  }

  /** With the limits that Prometheus' clients have by default. */
  public static Histogram ofCalls() {
    return new Histogram(new double[] {0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10});
  }

  /** As etcd has them for a disk: from a millisecond to 8 seconds. */
  public static Histogram ofDisk() {
    return doubling(0.001, 14);
  }

  /** As etcd has them for the way to a member and back. */
  public static Histogram ofRoundTrips() {
    return doubling(0.0001, 16);
  }

  /** Counts once. */
  public void add(long tookNanos) {
    nanos.add(tookNanos);
    int bucket = 0;
    while (bucket < limits.length && tookNanos > limits[bucket] * NANOS) {
      bucket++;
    }
    counts[bucket].increment();
  }

  void write(MetricsText text, String name, String labels) {
    String more = labels.isEmpty() ? "" : labels + ",";
    long sum = 0;
    for (int i = 0; i < limits.length; i++) {
      sum += counts[i].sum();
      text.sample(name + "_bucket", more + "le=\"" + limits[i] + "\"", sum);
    }
    sum += counts[limits.length].sum();
    text.sample(name + "_bucket", more + "le=\"+Inf\"", sum);
    text.sample(name + "_sum", labels, nanos.sum() / NANOS);
    text.sample(name + "_count", labels, sum);
  }
}
