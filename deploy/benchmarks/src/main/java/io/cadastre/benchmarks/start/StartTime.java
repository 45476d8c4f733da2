package io.cadastre.benchmarks.start;

import static io.cadastre.benchmarks.measuring.Rounds.seconds;

import io.cadastre.benchmarks.measuring.ChildJvm;
import io.cadastre.benchmarks.measuring.Rounds;
import io.cadastre.benchmarks.measuring.Table;
import java.io.BufferedReader;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code ./cadastre up} to the first answered request, with the cache of classes and without. */
public final class StartTime {

  private static final int ROUNDS = Integer.getInteger("cadastre.rounds", 5);
  private static final Pattern STEP =
      Pattern.compile(" +([A-Za-z][A-Za-z ]+?) +([0-9]+) +([0-9]+) +([0-9]+)");
  private static final String WITH = "with the cache";
  private static final String WITHOUT = "without";

  private final Map<String, List<String>> said = new HashMap<>();

  private StartTime() {}

  /** Prints the tables. */
  public static void run() throws Exception {
    var benchmark = new StartTime();
    print(
        benchmark,
        new Rounds()
            .leg(WITHOUT, () -> benchmark.start(WITHOUT, "no"))
            .leg(WITH, () -> benchmark.start(WITH, "yes"))
            .warmUp(1)
            .run(ROUNDS));
  }

  private Duration start(String leg, String fastStart) throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
                ChildJvm.home().resolve("cadastre").toString(),
                "up",
                "--port",
                "0",
                "--kafka-port",
                "0",
                "--kv-port",
                "0",
                "--verbose")
            .redirectErrorStream(true);
    builder.environment().put("CADASTRE_FAST_START", fastStart);
    long from = System.nanoTime();
    Process process = builder.start();
    try (BufferedReader lines = process.inputReader()) {
      var steps = new ArrayList<String>();
      Duration taken = null;
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("Cadastre is up")) {
          taken = Duration.ofNanos(System.nanoTime() - from);
        } else if (STEP.matcher(line).matches()) {
          steps.add(line);
        } else if (line.endsWith("Ctrl-C stops it.")) {
          // Not by the process itself, which would close what we still read.
          process.toHandle().destroy();
        }
      }
      if (!process.waitFor(60, TimeUnit.SECONDS) || taken == null) {
        throw new IOException("did not start; ./cadastre up --verbose says why");
      }
      said.put(leg, steps);
      return taken;
    } finally {
      process.destroy();
    }
  }

  private static void print(StartTime benchmark, Rounds rounds) {
    new Table("./cadastre up", "median", "all rounds")
        .row(WITHOUT, seconds(rounds.median(WITHOUT)), rounds.times(WITHOUT))
        .row(WITH, seconds(rounds.median(WITH)), rounds.times(WITH))
        .print(
            "From the command to the first answered request, all built; %d processors"
                .formatted(Runtime.getRuntime().availableProcessors()));
    for (String leg : List.of(WITHOUT, WITH)) {
      var table = new Table("step", "from, ms", "to, ms", "took, ms");
      for (String line : benchmark.said.getOrDefault(leg, List.of())) {
        Matcher step = STEP.matcher(line);
        if (step.matches()) {
          table.row(step.group(1), step.group(2), step.group(3), step.group(4));
        }
      }
      table.print("What the last start " + leg + " spent it on (steps overlap)");
    }
  }
}
