package io.cadastre.benchmarks.kv;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** What one product did in the rounds of one case. */
final class Measured {

  private final List<Load.Result> results = new ArrayList<>();
  private final List<Cpu> cpus = new ArrayList<>();
  private final Histogram micros = new Histogram(3);

  void add(Load.Result result, Cpu cpu) {
    results.add(result);
    cpus.add(cpu);
    micros.add(result.micros());
  }

  double perSecond() {
    return median(results.stream().map(Load.Result::perSecond).toList());
  }

  String range() {
    var sorted = results.stream().map(Load.Result::perSecond).sorted().toList();
    return "%.0f [%.0f-%.0f]".formatted(perSecond(), sorted.getFirst(), sorted.getLast());
  }

  double p99() {
    return percentile(99);
  }

  /** In milliseconds. */
  double percentile(double percent) {
    return micros.getValueAtPercentile(percent) / 1_000.0;
  }

  /** Of all its processes, in microseconds. */
  double cpuPerOperation() {
    double used = cpus.stream().mapToDouble(Cpu::servers).sum();
    return used * 1e6 / results.stream().mapToLong(Load.Result::operations).sum();
  }

  String generator() {
    return cores(cpus.stream().map(cpu -> cpu.generator() / cpu.seconds()).toList());
  }

  String others() {
    return cores(cpus.stream().map(Cpu::others).toList());
  }

  long errors() {
    return results.stream().mapToLong(Load.Result::errors).sum();
  }

  static String millis(double millis) {
    return String.format(Locale.ROOT, "%.2f", millis);
  }

  private static String cores(List<Double> values) {
    return String.format(Locale.ROOT, "%.2f", median(values));
  }

  static double median(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }
}
