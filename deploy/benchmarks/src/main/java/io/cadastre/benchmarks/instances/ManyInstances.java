package io.cadastre.benchmarks.instances;

import static io.cadastre.benchmarks.measuring.Rounds.seconds;

import io.cadastre.benchmarks.measuring.Rounds;
import io.cadastre.benchmarks.measuring.Table;
import io.cadastre.contracts.events.InstanceConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A thousand instances 20 ms away are discovered. */
public final class ManyInstances {

  private static final int INSTANCES = 1_000;
  private static final int HANGING = 100;
  private static final int CONCURRENCY = Integer.getInteger("cadastre.concurrency", 256);

  /** One after another takes minutes, and each takes as long as the next. */
  private static final int SAMPLE = Integer.getInteger("cadastre.sample", 100);

  private static final int ROUNDS = Integer.getInteger("cadastre.rounds", 5);

  /** The service goes on getting faster for that long; the drivers are there sooner. */
  private static final int WARM_UP_ROUNDS = Integer.getInteger("cadastre.warm-up-rounds", 10);

  private static final String ONE_BY_ONE = "drivers, one after another";
  private static final String BARE = "drivers, " + CONCURRENCY + " at once";
  private static final String CADASTRE = "discovery-service";
  private static final String WITH_HANGING = "discovery-service, " + HANGING + " more that hang";

  private ManyInstances() {}

  /** Prints the table. */
  public static void run() throws Exception {
    try (Fleet fleet = new Fleet();
        Discovery discovery =
            new Discovery(fleet, CONCURRENCY, List.of("-XX:+UseSerialGC", "-Xmx256m"))) {
      List<InstanceConnection> instances = fleet.instances(INSTANCES);
      List<InstanceConnection> withHanging = mixed(instances, fleet);
      BareDrivers bare = new BareDrivers(fleet::password);
      Rounds rounds =
          new Rounds()
              .leg(BARE, () -> timed(() -> bare.atOnce(instances, CONCURRENCY)))
              .leg(CADASTRE, () -> discovery.discover(instances, instances))
              .leg(
                  ONE_BY_ONE,
                  () ->
                      timed(() -> bare.oneAfterAnother(instances.subList(0, SAMPLE)))
                          .multipliedBy(INSTANCES / SAMPLE))
              .leg(WITH_HANGING, () -> discovery.discover(withHanging, instances))
              .warmUp(WARM_UP_ROUNDS)
              .run(ROUNDS);
      print(rounds, discovery);
    }
  }

  /** Every eleventh hangs. */
  private static List<InstanceConnection> mixed(List<InstanceConnection> instances, Fleet fleet) {
    List<InstanceConnection> hanging = fleet.hanging(HANGING, INSTANCES + 1);
    List<InstanceConnection> mixed = new ArrayList<>();
    for (int i = 0; i < instances.size(); i++) {
      if (i % (INSTANCES / HANGING) == 0) {
        mixed.add(hanging.get(i / (INSTANCES / HANGING)));
      }
      mixed.add(instances.get(i));
    }
    return mixed;
  }

  private interface Step {
    void run() throws Exception;
  }

  private static Duration timed(Step step) throws Exception {
    long start = System.nanoTime();
    step.run();
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static void print(Rounds rounds, Discovery discovery) throws Exception {
    Table table =
        new Table("discovering " + INSTANCES + " instances", "median", "all rounds", "aim", "");
    table.row(ONE_BY_ONE, seconds(rounds.median(ONE_BY_ONE)), rounds.times(ONE_BY_ONE), "", "");
    table.row(BARE, seconds(rounds.median(BARE)), rounds.times(BARE), "", "");
    table.row(
        CADASTRE,
        seconds(rounds.median(CADASTRE)),
        rounds.times(CADASTRE),
        "30 times faster than one after another",
        "%.0f times".formatted(rounds.ratio(ONE_BY_ONE, CADASTRE)));
    table.row(
        "",
        "",
        "",
        "at most 1.5 times the drivers",
        "%.2f".formatted(rounds.ratio(CADASTRE, BARE)));
    table.row(
        WITH_HANGING,
        seconds(rounds.median(WITH_HANGING)),
        rounds.times(WITH_HANGING),
        "at most 1.2 times without them",
        "%.2f".formatted(rounds.ratio(WITH_HANGING, CADASTRE)));
    table.print(
        ("%d ms round trip, half MariaDB, half PostgreSQL; one after another: %d measured, times"
                + " %d; the service with -Xmx256m had at most %d MiB resident")
            .formatted(
                Fleet.ROUND_TRIP_MILLIS,
                SAMPLE,
                INSTANCES / SAMPLE,
                discovery.service().peakMebibytes()));
  }
}
