package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.entity.PeerId;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Gives the lead to another member. */
final class Handover {

  private static final Duration LOOKED_AT_EVERY = Duration.ofMillis(20);

  private final Node node;
  private final Supplier<Standing> standing;

  Handover(Node node, Supplier<Standing> standing) {
    this.node = node;
    this.standing = standing;
  }

  /** To anybody, where this member leads and there is somebody to take it. */
  void toAnybody(Duration atMost) {
    if (standing.get().leading() && node.listAlivePeers().size() > 1) {
      Status _ = node.transferLeadershipTo(PeerId.ANY_PEER);
      boolean _ = await(() -> !standing.get().leading(), atMost);
    }
  }

  /** Says whether the member leads then. */
  boolean to(long member, Duration atMost) {
    if (standing.get().leader() == member) {
      return true;
    }
    return node.transferLeadershipTo(PeerIds.of(member)).isOk()
        && await(() -> standing.get().leader() == member, atMost);
  }

  private static boolean await(BooleanSupplier condition, Duration atMost) {
    long until = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - until > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(LOOKED_AT_EVERY.toNanos());
    }
    return true;
  }
}
