package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.entity.PeerId;
import io.cadastre.kv.cluster.Members;
import io.cadastre.kv.peer.LeaderContact;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import java.util.function.Supplier;

/**
 * Has the leader missed sooner where it is certain that its process ended: the connection on which
 * it sent entries ended, and it does not answer on another. Votes are asked for as ever, so it
 * takes a majority that misses it, too.
 */
final class LostLeader {

  private static final int SOONER = 5;

  /** So that one is elected before the next stands. */
  private static final int APART = 5;

  private final Node node;
  private final LeaderContact contact;
  private final SilenceTimer timer;
  private final Supplier<Standing> standing;
  private final Supplier<Members> members;
  private final LongFunction<CompletableFuture<?>> reachable;
  private final ScheduledExecutorService clock;
  private final int timeoutMillis;

  /** Touched by the clock's thread alone. */
  private boolean sooner;

  /**
   * Makes it.
   *
   * @param reachable done when a member answers
   */
  LostLeader(
      Node node,
      Duration timeout,
      Supplier<Standing> standing,
      Supplier<Members> members,
      LongFunction<CompletableFuture<?>> reachable,
      ScheduledExecutorService clock) {
    this.node = node;
    this.standing = standing;
    this.members = members;
    this.reachable = reachable;
    this.clock = clock;
    timeoutMillis = (int) timeout.toMillis();
    String name = node.getNodeId().toString();
    contact = LeaderContact.of(name);
    timer = ElectionTimers.of(name);
  }

  void begin() {
    contact.whenLost(this::lost);
  }

  private void lost(String name) {
    PeerId peer = new PeerId();
    Standing then = standing.get();
    if (!peer.parse(name) || then.leading() || then.leader() != PeerIds.member(peer)) {
      return;
    }
    CompletableFuture<?> _ =
        reachable
            .apply(then.leader())
            .whenComplete((_, failure) -> {
              if (failure != null) {
                onClock(() -> missSooner(then));
              }
            });
  }

  private void onClock(Runnable work) {
    if (!clock.isShutdown()) {
      clock.execute(work);
    }
  }

  private void missSooner(Standing then) {
    if (sooner || !standing.get().equals(then)) {
      return;
    }
    sooner = true;
    // JRaft asks for it when it makes out whether the leader is to be believed in.
    node.getOptions().setElectionTimeoutMs(Math.max(1, timeoutMillis / SOONER));
    timer.hurry(TimeUnit.MILLISECONDS.toNanos(timeoutMillis / SOONER + rank(then.leader())));
    // The leader may be back on a new connection.
    ScheduledFuture<?> _ = clock.schedule(this::missAsEver, timeoutMillis, TimeUnit.MILLISECONDS);
  }

  /** How much later than others this one is to stand. */
  private long rank(long lost) {
    long self = PeerIds.member(node.getNodeId().getPeerId());
    long before =
        members.get().all().stream()
            .filter(member -> !member.getIsLearner() && member.getID() != lost)
            .filter(member -> Long.compareUnsigned(member.getID(), self) < 0)
            .count();
    return before * timeoutMillis / APART;
  }

  private void missAsEver() {
    if (sooner) {
      sooner = false;
      node.getOptions().setElectionTimeoutMs(timeoutMillis);
      timer.calm();
    }
  }

  /** To be told of every change. */
  void stands(Standing now) {
    if (now.hasLeader()) {
      onClock(this::missAsEver);
    }
  }
}
