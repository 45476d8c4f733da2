package io.cadastre.standalone;

import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;

/** What the start spent its time on, counted from the start of the process. */
final class Timings {
  private final long startedAtMillis = ManagementFactory.getRuntimeMXBean().getStartTime();
  private final Queue<Step> steps = new ConcurrentLinkedQueue<>();

  private record Step(String name, long fromMillis, long toMillis) {}

  <T> T time(String name, Callable<T> work) throws Exception {
    long from = now();
    try {
      return work.call();
    } finally {
      steps.add(new Step(name, from, now()));
    }
  }

  long now() {
    return System.currentTimeMillis() - startedAtMillis;
  }

  void print(PrintStream out) {
    List<Step> ordered = steps.stream().sorted(Comparator.comparingLong(Step::fromMillis)).toList();
    out.println("  step                          from       to     took   (ms after the start)");
    for (Step step : ordered) {
      out.printf(
          "  %-26s %8d %8d %8d%n",
          step.name(), step.fromMillis(), step.toMillis(), step.toMillis() - step.fromMillis());
    }
  }
}
