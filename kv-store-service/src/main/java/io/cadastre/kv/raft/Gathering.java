package io.cadastre.kv.raft;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Makes one batch of what is proposed in one turn of a thread. */
final class Gathering {

  private final LongFunction<Batch> batches;
  private final Consumer<Batch> give;

  /** Each is touched by its own thread alone. */
  private final Map<Executor, Batch> open = new ConcurrentHashMap<>();

  /**
   * Makes it.
   *
   * @param batches makes an empty one, for a term
   * @param give puts one into the log
   */
  Gathering(LongFunction<Batch> batches, Consumer<Batch> give) {
    this.batches = batches;
    this.give = give;
  }

  /**
   * Adds a proposal.
   *
   * @param turn the thread that calls; null = by itself
   */
  void add(Proposal proposal, long term, @Nullable Executor turn) {
    if (turn == null) {
      Batch alone = batches.apply(term);
      alone.add(proposal);
      give.accept(alone);
      return;
    }
    Batch batch = open.get(turn);
    if (batch != null && batch.term() == term && !batch.isFull()) {
      batch.add(proposal);
      return;
    }
    Batch next = batches.apply(term);
    next.add(proposal);
    open.put(turn, next);
    if (batch != null) {
      give.accept(batch);
      return;
    }
    try {
      turn.execute(() -> end(turn));
    } catch (RejectedExecutionException _) {
      // It shuts down.
      end(turn);
    }
  }

  private void end(Executor turn) {
    Batch batch = open.remove(turn);
    if (batch != null) {
      give.accept(batch);
    }
  }
}
