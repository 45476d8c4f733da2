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

  /** Whether it was given more than once in that term. */
  private boolean repeated;

  /** Whether it is open if it got there, and nobody is on the way with it. */
  private boolean adrift;

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
    if (term == NOWHERE) {
      term = current;
      repeated = false;
      return true;
    }
    if (term == current && adrift) {
      adrift = false;
      repeated = true;
      return true;
    }
    return false;
  }

  /** It is open whether the leader of a term got it. The same leader may be given it again. */
  synchronized void lose(long givenIn) {
    if (term == givenIn) {
      adrift = true;
    }
  }

  /**
   * The leader of a term did not take it this time.
   *
   * @return whether it never will
   */
  synchronized boolean release(long refusedIn) {
    if (term != refusedIn) {
      return false;
    }
    if (repeated) {
      // Another copy may be on its way, or taken.
      adrift = true;
      return false;
    }
    term = NOWHERE;
    return true;
  }

  /** A later term has begun: what is not applied of those before never will be. */
  synchronized void releaseBefore(long begun) {
    if (term < begun && term != NOWHERE) {
      term = NOWHERE;
      adrift = false;
      wasLost = true;
    }
  }

  synchronized boolean wasLost() {
    return wasLost;
  }
}
