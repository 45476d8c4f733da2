package io.cadastre.kv.serve;

import io.cadastre.kv.compaction.AutoCompaction;
import io.cadastre.kv.lease.LeaseExpiry;
import io.cadastre.kv.raft.RaftMember;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** All that a member does again and again while it serves. */
final class Chores implements AutoCloseable {

  private static final Logger LOG = System.getLogger(Chores.class.getName());

  private static final Duration LOOKED_AFTER_EVERY = Duration.ofMillis(500);

  /** Who changes members looks again; this is for what was before. */
  private static final Duration REACHED_EVERY = Duration.ofSeconds(2);

  /** One more than what waits for the cluster: leases that end. */
  private static final int CLOCK_THREADS = 2;

  private final ScheduledExecutorService clock =
      Executors.newScheduledThreadPool(
          CLOCK_THREADS, Thread.ofPlatform().daemon().name("kv-clock").factory());
  private final Answers answers;
  private final RaftMember member;
  private final Runnable end;

  /**
   * Makes it; nothing is done yet.
   *
   * @param end stops serving
   */
  Chores(Answers answers, RaftMember member, Runnable end) {
    this.answers = answers;
    this.member = member;
    this.end = end;
  }

  void begin(KvSettings settings, Peering peering, StandingGuard guard) {
    LeaseExpiry expiry =
        new LeaseExpiry(
            () -> answers.state().leases(), new ProposedLeases(answers), System::nanoTime);
    CorruptionCheck corruption =
        new CorruptionCheck(
            answers,
            new OwnData(answers::state, member),
            peering.calls(),
            settings.peers().corruptCheckInterval());
    AutoCompaction compaction = new AutoCompaction(settings.retention(), System.nanoTime());
    every(LOOKED_AFTER_EVERY, expiry::run);
    // One after the other: each time of its own wakes a thread of a member that has nothing to do.
    every(
        LOOKED_AFTER_EVERY,
        () -> {
          endWhereRemoved();
          peering.followMoves();
          guard.tick();
          corruption.tick();
        });
    every(
        REACHED_EVERY,
        () -> {
          CompletableFuture<Void> _ = peering.reachability().ask(answers.state().members().all());
        });
    if (!settings.memory()) {
      DiskRoom room =
          new DiskRoom(answers, settings.quotaBytes(), settings.dataDirectory(), member::hasRoom);
      every(LOOKED_AFTER_EVERY, room::tick);
    }
    every(
        compaction.interval(),
        new ProposedCompaction(compaction, answers, () -> member.standing().leading()));
  }

  private void every(Duration period, Runnable work) {
    ScheduledFuture<?> _ =
        clock.scheduleWithFixedDelay(
            new Chore(work, end), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void endWhereRemoved() {
    long id = answers.self().memberId();
    if (answers.state().members().removed().contains(id) && !member.standing().leading()) {
      LOG.log(Level.ERROR, "{0}", Joining.removed(id));
      end.run();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
  }
}
