package io.cadastre.kv.raft;

import io.cadastre.kv.state.Replica;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Does what there is to do every now and then, on the clock's thread; where there is nothing, that
 * is found out less often.
 */
final class Ticking {

  private static final Logger LOG = System.getLogger(Ticking.class.getName());

  private static final long TICK_MILLIS = 100;
  private static final long IDLE_TICK_MILLIS = 500;
  private static final long SWEEP_NANOS = Duration.ofMillis(50).toNanos();

  private final ScheduledExecutorService clock;
  private final Supplier<Standing> standing;
  private final Replica replica;
  private final Chores chores;
  private final Runnable fail;
  private long tickedCommands;

  /** What is done then. */
  record Chores(
      Waiting waiting,
      Submission submission,
      ReadIndexes readIndexes,
      Applying applying,
      Saving saving,
      Reconfiguration reconfiguration) {}

  /**
   * Makes it.
   *
   * @param fail what to do where that cannot be done
   */
  Ticking(
      ScheduledExecutorService clock,
      Supplier<Standing> standing,
      Replica replica,
      Chores chores,
      Runnable fail) {
    this.clock = clock;
    this.standing = standing;
    this.replica = replica;
    this.chores = chores;
    this.fail = fail;
  }

  void begin() {
    tickIn(TICK_MILLIS);
  }

  private void tickIn(long millis) {
    if (!clock.isShutdown()) {
      ScheduledFuture<?> _ = clock.schedule(this::tick, millis, TimeUnit.MILLISECONDS);
    }
  }

  private void tick() {
    try {
      tickIn(isBusyAfterTick() ? TICK_MILLIS : IDLE_TICK_MILLIS);
    } catch (RuntimeException e) {
      LOG.log(Level.ERROR, "this member stops", e);
      fail.run();
    }
  }

  private boolean isBusyAfterTick() {
    long now = System.nanoTime();
    Standing then = standing.get();
    Applying applying = chores.applying;
    long commands = applying.commands();
    boolean busy = !then.hasLeader() || commands != tickedCommands || chores.waiting.pending() > 0;
    tickedCommands = commands;
    chores.waiting.failLate(now);
    chores.readIndexes.tick(now);
    chores.submission.submitAll();
    chores.saving.look(commands, applying.bytes(), replica.current().appliedIndex());
    if (then.leading() && chores.reconfiguration.step(replica.current().members(), then.term())) {
      busy = true;
    }
    while (applying.sweep()) {
      busy = true;
      if (System.nanoTime() - now >= SWEEP_NANOS) {
        // It is somebody else's turn.
        break;
      }
    }
    return busy;
  }
}
