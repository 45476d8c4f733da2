package io.cadastre.standalone;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/** What {@code ./cadastre} starts. */
public final class Standalone {
  private static final int FAILED = 1;
  private static final int MISUSED = 2;

  private Standalone() {}

  /** Starts what the arguments ask for, and stays until the process is told to stop. */
  public static void main(String[] args) throws InterruptedException {
    var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintStream(System.err, true, StandardCharsets.UTF_8);
    try {
      switch (CommandLine.parse(List.of(args))) {
        case CommandLine.Help _ -> out.print(CommandLine.HELP);
        case CommandLine.Kv kv -> stay(KvCluster.prepare(kv, new Screen(out)));
        case CommandLine.ResetPassword reset -> PasswordReset.run(reset, out);
        case CommandLine.Start start -> stay(start, new Screen(out));
      }
    } catch (IllegalArgumentException e) {
      err.println(e.getMessage());
      err.println("./cadastre help says what there is.");
      System.exit(MISUSED);
    } catch (AlreadyRunningException e) {
      err.println(e.getMessage());
      System.exit(FAILED);
    } catch (FailedStartException e) {
      e.explain(err);
      System.exit(FAILED);
    } catch (Exception e) {
      e.printStackTrace(err);
      System.exit(FAILED);
    }
  }

  private static void stay(KvCluster cluster) throws Exception {
    Runtime.getRuntime().addShutdownHook(new Thread(cluster::close, "stop"));
    cluster.start();
    new CountDownLatch(1).await();
  }

  private static void stay(CommandLine.Start start, Screen screen) throws Exception {
    var run = StandaloneRun.prepare(start, screen);
    var stopping = new AtomicBoolean();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  stopping.set(true);
                  screen.say("Cadastre is stopping.");
                  run.close();
                  screen.say("Cadastre has stopped.");
                },
                "stop"));
    try {
      run.start();
    } catch (Exception e) {
      if (!stopping.get()) {
        throw new FailedStartException(e, start.verbose() ? null : run.keptLog());
      }
      // Told to stop while it started: what was cut off by that is no failure.
    }
    if (Boolean.getBoolean("cadastre.exit-after-start")) {
      System.exit(0);
    }
    new CountDownLatch(1).await();
  }
}
