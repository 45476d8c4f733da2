package io.cadastre.kv.raft;

import com.google.protobuf.Message;
import io.cadastre.contracts.kv.command.Command;
import java.util.concurrent.CompletableFuture;

/** A command that somebody waits for. */
final class Proposal {

  private static final long NOWHERE = 0;

  final Command command;
  final CompletableFuture<Message> answer = new CompletableFuture<>();
  final long deadlineNanos;

  /** In which term it was given to a leader, who takes it in that term or never. */
  private long term = NOWHERE;

  private boolean wasLost;

  Proposal(Command command, long deadlineNanos) {
    this.command = command;
    this.deadlineNanos = deadlineNanos;
  }

  /** Whether the caller is the one to give it to the leader of a term. */
  synchronized boolean claim(long current) {
    if (term != NOWHERE) {
      return false;
    }
    term = current;
    return true;
  }

  /** It is certain that the leader of a term did not take it. */
  synchronized void release(long refusedIn) {
    if (term == refusedIn) {
      term = NOWHERE;
    }
  }

  /** A later term has begun: what is not applied of those before never will be. */
  synchronized void releaseBefore(long begun) {
    if (term < begun && term != NOWHERE) {
      term = NOWHERE;
      wasLost = true;
    }
  }

  synchronized boolean wasLost() {
    return wasLost;
  }
}
