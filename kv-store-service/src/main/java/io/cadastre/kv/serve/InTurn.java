package io.cadastre.kv.serve;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/** Works a few at a time, first come, first served. */
final class InTurn implements Executor {

  private final Executor waiting;
  private final Executor working;
  private final Semaphore turns;

  /**
   * Makes it.
   *
   * @param waiting where it costs nothing to wait for a turn
   */
  InTurn(Executor waiting, Executor working, int atOnce) {
    this.waiting = waiting;
    this.working = working;
    turns = new Semaphore(atOnce, true);
  }

  @Override
  public void execute(Runnable work) {
    waiting.execute(() -> {
      turns.acquireUninterruptibly();
      working.execute(() -> {
        try {
          work.run();
        } finally {
          turns.release();
        }
      });
    });
  }
}
