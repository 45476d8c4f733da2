package io.cadastre.kv.raft;

import io.cadastre.contracts.kv.peer.ForwardRequest;
import io.cadastre.contracts.kv.peer.ForwardResponse;
import java.util.concurrent.CompletableFuture;

/** The other members, as far as agreeing needs them. */
public interface Others {

  /**
   * Gives commands to a member. A failure leaves open whether they got there.
   *
   * @param member who leads, as far as is known
   */
  CompletableFuture<ForwardResponse> forward(long member, ForwardRequest request);

  /** Done when a member answers. */
  default CompletableFuture<?> reachable(long member) {
    return appliedIndex(member);
  }

  /** How far a member has applied the log. */
  CompletableFuture<Long> appliedIndex(long member);
}
