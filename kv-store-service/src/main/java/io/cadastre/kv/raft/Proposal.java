package io.cadastre.kv.raft;

import com.google.protobuf.Message;
import io.cadastre.contracts.kv.command.Command;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A command that somebody waits for. */
final class Proposal {

  /** It may wait for the leader of any term. */
  static final long ANY_TERM = -1;

  private static final long NOWHERE = 0;

  final Command command;
  final CompletableFuture<Message> answer = new CompletableFuture<>();
  final long deadlineNanos;

  /** The only term of this member's lead in which it may be taken. */
  private final long onlyIn;

  /** On which thread it was proposed and is to be answered; null = on any. */
  final @Nullable Executor turn;

  /** In which term it was given to a leader, who takes it in that term or never. */
  private long term = NOWHERE;

  private boolean wasLost;

  Proposal(Command command, long deadlineNanos, long onlyIn, @Nullable Executor turn) {
    this.command = command;
    this.deadlineNanos = deadlineNanos;
    this.onlyIn = onlyIn;
    this.turn = turn;
  }

  /** Whether its only term is over. */
  boolean isTooLate(Standing now) {
    return onlyIn != ANY_TERM && !(now.leading() && now.term() == onlyIn);
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
