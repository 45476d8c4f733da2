package io.cadastre.benchmarks.kv;

import io.cadastre.benchmarks.kv.Load.Kind;
import io.cadastre.benchmarks.measuring.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Puts and ranges as fast as so many clients can have them, product beside product in turn. {@code
 * -Dcadastre.kv.cases=put-64,range-64} picks some.
 */
public final class Throughput {

  private static final int ROUNDS = Integer.getInteger("cadastre.rounds", 4);
  private static final Duration ROUND =
      Duration.ofMillis(Integer.getInteger("cadastre.kv.round-millis", 3_000));
  private static final Duration WARM_UP =
      Duration.ofSeconds(Integer.getInteger("cadastre.kv.warm-up-seconds", 20));
  private static final Duration FILLED = Duration.ofSeconds(12);
  private static final Duration BEFORE_EACH = Duration.ofMillis(500);

  private record Case(String name, Kind kind, int clients) {}

  /** One client comes last: what it does is done seldom, and so compiled late. */
  private static final List<Case> CASES =
      List.of(
          new Case("put-64", Kind.PUT, 64),
          new Case("put-512", Kind.PUT, 512),
          new Case("range-64", Kind.RANGE, 64),
          new Case("serializable-range-64", Kind.SERIALIZABLE_RANGE, 64),
          new Case("put-1", Kind.PUT, 1));

  private Throughput() {}

  /** One member. */
  public static void oneMember() throws Exception {
    run(1);
  }

  /** Three members on this machine; the clients ask the leader. */
  public static void threeMembers() throws Exception {
    run(3);
  }

  private static void run(int members) throws Exception {
    List<Case> cases = chosen();
    Map<Case, Map<Product, Measured>> measured = new LinkedHashMap<>();
    List<KvServers> servers = new ArrayList<>();
    try {
      for (Product product : Product.all()) {
        servers.add(KvServers.start(product, members));
      }
      for (KvServers each : servers) {
        fill(each);
      }
      for (Case one : cases) {
        for (KvServers each : servers) {
          warmUp(one, each);
        }
        Map<Product, Measured> results = new LinkedHashMap<>();
        servers.forEach(each -> results.put(each.product(), new Measured()));
        for (int round = 0; round < ROUNDS; round++) {
          for (KvServers each : round % 2 == 0 ? servers : servers.reversed()) {
            measure(one, each, results);
          }
        }
        measured.put(one, results);
      }
    } finally {
      for (KvServers each : servers) {
        each.close();
      }
    }
    print(members, measured);
  }

  private static List<Case> chosen() {
    List<String> names = List.of(System.getProperty("cadastre.kv.cases", "").split(",", -1));
    return names.equals(List.of(""))
        ? CASES
        : CASES.stream().filter(each -> names.contains(each.name)).toList();
  }

  /** With all keys that are asked for, as good as certainly: each is put some ten times. */
  private static void fill(KvServers servers) throws InterruptedException {
    try (Load load = new Load(leaderPort(servers), 64)) {
      Load.Result _ = load.closed(Kind.PUT, FILLED);
    }
  }

  /** Long enough for a compiler that learns from what it runs. */
  private static void warmUp(Case one, KvServers servers) throws InterruptedException {
    System.err.printf("%s, %s: warming up%n", one.name, servers.product().name());
    try (Load load = new Load(leaderPort(servers), one.clients)) {
      Load.Result _ = load.closed(one.kind, WARM_UP);
    }
  }

  private static int leaderPort(KvServers servers) {
    return servers.ports().get(servers.leader());
  }

  private static void measure(Case one, KvServers servers, Map<Product, Measured> results)
      throws Exception {
    try (Load load = new Load(leaderPort(servers), one.clients)) {
      Load.Result _ = load.closed(one.kind, BEFORE_EACH);
      Cpu before = Cpu.now(servers.pids());
      Load.Result result = load.closed(one.kind, ROUND);
      Cpu used = Cpu.now(servers.pids()).since(before);
      Measured soFar = results.get(servers.product());
      if (soFar != null) {
        soFar.add(result, used);
      }
      System.err.printf(
          "%s, %s: %.0f/s, others %.2f cores%n",
          one.name, servers.product().name(), result.perSecond(), used.others());
    }
  }

  private static void print(int members, Map<Case, Map<Product, Measured>> measured) {
    Table table =
        new Table(
            "case",
            "server",
            "per second",
            "times",
            "p50 ms",
            "p99 ms",
            "server us/op",
            "generator cores",
            "others' cores",
            "errors");
    measured.forEach((one, results) -> {
      double first = results.values().iterator().next().perSecond();
      results.forEach((product, result) -> {
        Table _ =
            table.row(
                one.name,
                product.name(),
                result.range(),
                "%.2f".formatted(result.perSecond() / first),
                Measured.millis(result.percentile(50)),
                Measured.millis(result.p99()),
                "%.1f".formatted(result.cpuPerOperation()),
                result.generator(),
                result.others(),
                Long.toString(result.errors()));
      });
    });
    table.print(
        ("%d member%s, 256-byte values, 10 000 keys, fsync on; median of %d rounds of %.1f s"
                + " [least-most]; %d processors")
            .formatted(
                members,
                members == 1 ? "" : "s",
                ROUNDS,
                ROUND.toMillis() / 1e3,
                Runtime.getRuntime().availableProcessors()));
  }
}
