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

  private final ScheduledExecutorService clock = clock("kv-clock");

  /** Leases that end wait for the cluster, and nothing else waits for them. */
  private final ScheduledExecutorService leaseClock = clock("kv-leases");

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
    every(leaseClock, LOOKED_AFTER_EVERY, expiry::run);
    Leaving leaving = new Leaving(settings.peers().electionTimeout(), System::nanoTime);
    Runnable room = settings.memory() ? () -> {} : diskRoom(settings)::tick;
    // One after the other: each time of its own wakes a thread of a member that has nothing to do.
    every(
        clock,
        LOOKED_AFTER_EVERY,
        () -> {
          endWhereRemoved(leaving);
          peering.followMoves();
          guard.tick();
          corruption.tick();
          room.run();
          // Since when a member is there is to be known at once; that it still is, later will do.
          peering.reachability().askUnreached(answers.state().members().all());
        });
    every(
        clock,
        REACHED_EVERY,
        () -> {
          CompletableFuture<Void> _ = peering.reachability().ask(answers.state().members().all());
        });
    every(
        clock,
        compaction.interval(),
        new ProposedCompaction(compaction, answers, () -> member.standing().leading()));
  }

  private DiskRoom diskRoom(KvSettings settings) {
    return new DiskRoom(answers, settings.quotaBytes(), settings.dataDirectory(), member::hasRoom);
  }

  private static ScheduledExecutorService clock(String name) {
    return Executors.newSingleThreadScheduledExecutor(
        Thread.ofPlatform().daemon().name(name).factory());
  }

  private void every(ScheduledExecutorService on, Duration period, Runnable work) {
    ScheduledFuture<?> _ =
        on.scheduleWithFixedDelay(
            new Chore(work, end), period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void endWhereRemoved(Leaving leaving) {
    long id = answers.self().memberId();
    if (answers.state().members().removed().contains(id)
        && leaving.mayEnd(member.votes(), member.standing().hasLeader())) {
      LOG.log(Level.ERROR, "{0}", Joining.removed(id));
      end.run();
    }
  }

  @Override
  public void close() {
    clock.shutdownNow();
    leaseClock.shutdownNow();
  }
}
