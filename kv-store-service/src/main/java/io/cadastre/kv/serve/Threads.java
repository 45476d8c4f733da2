package io.cadastre.kv.serve;

import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** What holds up neither the network's threads nor each other. */
final class Threads {

  private final ExecutorService waiting = Executors.newVirtualThreadPerTaskExecutor();

  private final ExecutorService working =
      Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("kv-work-", 0).factory());

  /** For what mostly waits: as many as there are, at no cost. */
  Executor waiting() {
    return waiting;
  }

  /**
   * For what reads or computes for long. A virtual thread that does lets no other run on its
   * processor until it is done: where there is one, no watcher is told anything, and no vote given.
   */
  Executor working() {
    return working;
  }

  /** For what works long, and is asked for by whoever likes: a processor is left for others. */
  Executor workingInTurn() {
    int others = Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    return new InTurn(waiting, working, others);
  }

  /** Takes nothing more, and waits for what is under way, so long at most for each kind. */
  void end(long seconds) throws InterruptedException {
    waiting.shutdown();
    boolean _ = waiting.awaitTermination(seconds, TimeUnit.SECONDS);
    working.shutdown();
    boolean _ = working.awaitTermination(seconds, TimeUnit.SECONDS);
  }
}
