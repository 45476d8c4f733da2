package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.rpc.RaftServerService;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.google.protobuf.Message;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;

/** Ends the term in which a node leads, unless it brings other members up to date. */
final class GivingUp {

  private static final Logger LOG = System.getLogger(GivingUp.class.getName());

  private final Node node;
  private final LongSupplier appliedIndex;
  private final LongFunction<CompletableFuture<Boolean>> areBehind;
  private final Executor clock;

  /**
   * Makes it.
   *
   * @param appliedIndex of the node
   * @param areBehind whether a member that answers has not applied an entry yet
   */
  GivingUp(
      Node node,
      LongSupplier appliedIndex,
      LongFunction<CompletableFuture<Boolean>> areBehind,
      Executor clock) {
    this.node = node;
    this.appliedIndex = appliedIndex;
    this.areBehind = areBehind;
    this.clock = clock;
  }

  /** Does so soon. */
  void unlessMembersAreBehind(long term) {
    long enough = appliedIndex.getAsLong() - node.getOptions().getCatchupMargin();
    // Whom JRaft cannot reach it does not wait for.
    CompletableFuture<?> _ =
        areBehind
            .apply(enough)
            .thenAcceptAsync(
                behind -> {
                  if (!behind) {
                    stepDown(term);
                  }
                },
                clock);
  }

  /** The node follows where it is asked for a vote, which it will not give, in the next term. */
  private void stepDown(long term) {
    LOG.log(
        Level.WARNING, "a change of who votes does not end; giving up the lead in term {0}", term);
    String self = node.getNodeId().getPeerId().toString();
    Message _ =
        ((RaftServerService) node)
            .handleRequestVoteRequest(
                RequestVoteRequest.newBuilder()
                    .setGroupId(node.getGroupId())
                    .setServerId(self)
                    .setPeerId(self)
                    .setTerm(term + 1)
                    .setLastLogTerm(0)
                    .setLastLogIndex(0)
                    .setPreVote(false)
                    .build());
  }
}
