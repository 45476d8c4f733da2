package io.cadastre.benchmarks.measuring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Legs that do comparable work, run in turn, every other round in reverse order: what the machine
 * does beside them hits all alike.
 */
public final class Rounds {

  /** One of the things compared. */
  @FunctionalInterface
  public interface Leg {

    /** How long it took; what is not to be measured stays out. */
    Duration run() throws Exception;
  }

  private final Map<String, Leg> legs = new LinkedHashMap<>();
  private final Map<String, List<Duration>> times = new LinkedHashMap<>();

  public Rounds leg(String name, Leg leg) {
    legs.put(name, leg);
    times.put(name, new ArrayList<>());
    return this;
  }

  /** Unmeasured, until the compilers have seen the code. */
  public Rounds warmUp(int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      for (Map.Entry<String, Leg> leg : legs.entrySet()) {
        System.err.printf(
            "warm-up %d, %s: %s%n", round + 1, leg.getKey(), seconds(leg.getValue().run()));
      }
    }
    return this;
  }

  public Rounds run(int rounds) throws Exception {
    for (int round = 0; round < rounds; round++) {
      List<String> order = new ArrayList<>(legs.keySet());
      for (String name : round % 2 == 0 ? order : order.reversed()) {
        Leg leg = legs.get(name);
        List<Duration> soFar = times.get(name);
        if (leg != null && soFar != null) {
          Duration taken = leg.run();
          System.err.printf("round %d, %s: %s%n", round + 1, name, seconds(taken));
          soFar.add(taken);
        }
      }
    }
    return this;
  }

  public Duration median(String leg) {
    List<Duration> sorted = times.getOrDefault(leg, List.of()).stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  /** How many times longer {@code a} takes than {@code b}. */
  public double ratio(String a, String b) {
    return (double) median(a).toNanos() / median(b).toNanos();
  }

  /** All times of a leg, in the order of the rounds. */
  public String times(String leg) {
    return String.join(
        " ", times.getOrDefault(leg, List.of()).stream().map(Rounds::seconds).toList());
  }

  public static String seconds(Duration duration) {
    return "%.2f s".formatted(duration.toNanos() / 1e9);
  }
}
