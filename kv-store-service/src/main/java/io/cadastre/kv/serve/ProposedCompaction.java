package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.CompactionRequest;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.compaction.AutoCompaction;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** History that is forgotten by the log, when it is due, where this member leads. */
record ProposedCompaction(AutoCompaction due, Answers answers, BooleanSupplier leads)
    implements Runnable {

  @Override
  public void run() {
    due.due(System.nanoTime(), answers.state().store().revision())
        .ifPresent(revision -> {
          if (leads.getAsBoolean()) {
            // Where somebody compacted further meanwhile there is nothing left to do.
            CompletableFuture<?> _ =
                answers.propose(
                    Caller.SERVER,
                    command ->
                        command.setCompact(CompactionRequest.newBuilder().setRevision(revision)));
          }
        });
  }
}
