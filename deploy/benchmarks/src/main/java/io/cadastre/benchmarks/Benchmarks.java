package io.cadastre.benchmarks;

import io.cadastre.benchmarks.instances.ManyInstances;
import io.cadastre.benchmarks.kv.Defragmentation;
import io.cadastre.benchmarks.kv.Footprint;
import io.cadastre.benchmarks.kv.LeaderKill;
import io.cadastre.benchmarks.kv.Throughput;
import io.cadastre.benchmarks.register.ManyDatabases;
import io.cadastre.benchmarks.register.ManySizes;
import io.cadastre.benchmarks.start.StartTime;
import java.util.Map;
import java.util.TreeMap;

/** Runs the benchmark that the first argument names. */
public final class Benchmarks {

  /** One of them; prints its table. */
  @FunctionalInterface
  public interface Benchmark {

    void run() throws Exception;
  }

  private static final Map<String, Benchmark> ALL =
      new TreeMap<>(
          Map.of(
              "many-sizes",
              ManySizes::run,
              "many-databases",
              ManyDatabases::run,
              "many-instances",
              ManyInstances::run,
              "start",
              StartTime::run,
              "kv",
              Throughput::oneMember,
              "kv-cluster",
              Throughput::threeMembers,
              "kv-defragment",
              Defragmentation::run,
              "kv-footprint",
              Footprint::run,
              "kv-leader-kill",
              LeaderKill::run));

  private Benchmarks() {}

  /** Exits with 2 where there is no such benchmark. */
  public static void main(String[] args) throws Exception {
    Benchmark chosen = args.length == 1 ? ALL.get(args[0]) : null;
    if (chosen == null) {
      System.err.println("usage: run " + String.join(" | ", ALL.keySet()));
      System.exit(2);
      return;
    }
    chosen.run();
    // Clients and drivers leave threads behind.
    System.exit(0);
  }
}
