package io.cadastre.kv.raft;

import com.google.protobuf.Message;
import io.cadastre.kv.request.EtcdException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * What is told together, such as when a run of entries is committed. A thread of the network is
 * told all that is for it at once: it wakes up once, and writes to each connection once.
 */
final class Replies {

  private final List<Runnable> here = new ArrayList<>();
  private Map<Executor, List<Runnable>> there = new HashMap<>();

  void add(Runnable reply) {
    here.add(reply);
  }

  /**
   * Adds a reply.
   *
   * @param turn the thread that is to be told; null = any
   */
  void add(@Nullable Executor turn, Runnable reply) {
    (turn == null ? here : there.computeIfAbsent(turn, _ -> new ArrayList<>())).add(reply);
  }

  /** Adds what came of a proposal: a response, or a refusal. */
  void add(Proposal proposal, Object outcome) {
    add(proposal.turn, () -> answer(proposal, outcome));
  }

  private static void answer(Proposal proposal, Object outcome) {
    boolean _ =
        switch (outcome) {
          case EtcdException refusal -> proposal.answer.completeExceptionally(refusal);
          case Message response -> proposal.answer.complete(response);
          default -> throw new IllegalStateException();
        };
  }

  void send() {
    here.forEach(Runnable::run);
    here.clear();
    if (!there.isEmpty()) {
      there.forEach(Replies::send);
      there = new HashMap<>();
    }
  }

  private static void send(Executor turn, List<Runnable> replies) {
    try {
      turn.execute(() -> replies.forEach(Runnable::run));
    } catch (RejectedExecutionException _) {
      // It has shut down; who waits elsewhere hears of it all the same.
      replies.forEach(Runnable::run);
    }
  }
}
