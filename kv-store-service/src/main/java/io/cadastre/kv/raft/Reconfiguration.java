package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import io.cadastre.contracts.kv.Member;
import io.cadastre.kv.cluster.Members;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;

/**
 * Makes Raft's configuration follow the members that were agreed on, while this member leads: one
 * member at a time, so that every two majorities share somebody. A voter counts only when it is
 * there and has caught up; until then a cluster that grows is no weaker than it was. Who was
 * removed goes when that is done, so that one that is replaced is no weaker either.
 */
final class Reconfiguration {

  private static final Logger LOG = System.getLogger(Reconfiguration.class.getName());

  private final Node node;
  private final PeerId self;
  private final LongFunction<CompletableFuture<?>> reachable;
  private final StuckChange stuck;
  private volatile boolean busy;

  /** Whoever is to go does not wait for one who cannot come. */
  private volatile boolean dismissFirst;

  private long term;

  /**
   * Makes it.
   *
   * @param reachable done when a member answers
   */
  Reconfiguration(
      Node node, long self, LongFunction<CompletableFuture<?>> reachable, StuckChange stuck) {
    this.node = node;
    this.self = PeerIds.of(self);
    this.reachable = reachable;
    this.stuck = stuck;
  }

  /**
   * Does the next step, if there is one. Called every now and then on a member that leads.
   *
   * @return whether something is under way
   */
  boolean step(Members members, long leadsIn) {
    if (leadsIn != term) {
      // What was under way in an earlier term is not any more.
      term = leadsIn;
      busy = false;
      dismissFirst = false;
      stuck.over();
    }
    if (busy) {
      stuck.look(leadsIn);
      return true;
    }
    if (!members.all().isEmpty()) {
      stuck.over();
      begin(members);
    }
    return busy;
  }

  private void begin(Members members) {
    Set<PeerId> voters = peers(members, false);
    Set<PeerId> learners = peers(members, true);
    Configuration now;
    try {
      now = new Configuration(node.listPeers(), node.listLearners());
    } catch (IllegalStateException _) {
      // It leads no longer.
      return;
    }
    Configuration next = now.copy();
    if (!learners.equals(now.getLearners())) {
      next.setLearners(new LinkedHashSet<>(learners));
      change(now, next);
      return;
    }
    Optional<PeerId> missing = voters.stream().filter(peer -> !now.contains(peer)).findFirst();
    Optional<PeerId> surplus =
        now.getPeers().stream().filter(peer -> !voters.contains(peer)).findFirst();
    if (missing.isPresent() && (surplus.isEmpty() || !dismissFirst)) {
      admit(missing.get(), now, next);
    } else if (surplus.isPresent()) {
      dismiss(surplus.get(), now, next);
    }
  }

  private void dismiss(PeerId peer, Configuration now, Configuration next) {
    if (peer.equals(self)) {
      // Who leads last removes this one.
      Status _ = node.transferLeadershipTo(PeerId.ANY_PEER);
      return;
    }
    boolean _ = next.removePeer(peer);
    change(now, next);
  }

  private static Set<PeerId> peers(Members members, boolean learners) {
    Set<PeerId> peers = new LinkedHashSet<>();
    for (Member member : members.all()) {
      if (member.getIsLearner() == learners) {
        peers.add(PeerIds.of(member.getID()));
      }
    }
    return peers;
  }

  private void admit(PeerId peer, Configuration now, Configuration next) {
    boolean _ = next.addPeer(peer);
    busy = true;
    CompletableFuture<?> _ =
        reachable
            .apply(PeerIds.member(peer))
            .whenComplete((_, failure) -> {
              dismissFirst = failure != null;
              busy = false;
              if (failure == null) {
                change(now, next);
              }
            });
  }

  private void change(Configuration now, Configuration next) {
    busy = true;
    try {
      node.changePeers(
          next,
          status -> {
            dismissFirst = !status.isOk() && next.size() > now.size();
            busy = false;
            LOG.log(
                status.isOk() ? Level.INFO : Level.WARNING,
                "members that vote: {0} to {1}: {2}",
                now,
                next,
                status);
          });
    } catch (RuntimeException e) {
      // JRaft may hold this change for under way until somebody else leads.
      busy = false;
      LOG.log(Level.ERROR, "could not begin to change the members that vote", e);
    }
  }
}
