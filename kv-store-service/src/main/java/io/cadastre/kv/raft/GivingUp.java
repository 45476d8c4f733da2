package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.rpc.RaftServerService;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.google.protobuf.Message;
import io.cadastre.kv.state.Replica;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/** Ends the term in which a node leads, unless it brings other members up to date. */
final class GivingUp {

  private static final Logger LOG = System.getLogger(GivingUp.class.getName());

  private final Node node;
  private final Replica replica;
  private final Laggards laggards;
  private final Executor clock;

  GivingUp(Node node, Replica replica, Laggards laggards, Executor clock) {
    this.node = node;
    this.replica = replica;
    this.laggards = laggards;
    this.clock = clock;
  }

  /** Does so soon. */
  void unlessMembersAreBehind(long term) {
    long enough = replica.current().appliedIndex() - node.getOptions().getCatchupMargin();
    // Whom JRaft cannot reach it does not wait for.
    CompletableFuture<?> _ =
        laggards
            .areBefore(enough)
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
