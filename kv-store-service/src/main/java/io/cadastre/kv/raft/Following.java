package io.cadastre.kv.raft;

import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.contracts.kv.command.TermBegan;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.mvcc.Transaction;
import io.cadastre.kv.peer.PeerChannels;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.LongAdder;

/** What follows from what was applied, and from where this member stands. */
final class Following implements Applying.Events {

  private final RaftMember.Listener listener;
  private final PeerChannels channels;
  private final Submission submission;
  private final List<Member> initialMembers;
  private final Executor clock;
  private final LongAdder leaderChanges = new LongAdder();
  private final CompletableFuture<Begun> begun = new CompletableFuture<>();
  private volatile Standing standing = Standing.UNKNOWN;

  private record Begun(LostLeader lostLeader, Runnable fail) {}

  Following(
      RaftMember.Listener listener,
      PeerChannels channels,
      Submission submission,
      List<Member> initialMembers,
      Executor clock) {
    this.listener = listener;
    this.channels = channels;
    this.submission = submission;
    this.initialMembers = initialMembers;
    this.clock = clock;
  }

  /**
   * The member has begun; what came before that, follows now.
   *
   * @param fail what to do where it cannot go on
   */
  void begin(LostLeader lostLeader, Runnable fail) {
    boolean _ = begun.complete(new Begun(lostLeader, fail));
  }

  /** Where this member stands. */
  Standing standing() {
    return standing;
  }

  /** How often it saw another leader than before. */
  long leaderChanges() {
    return leaderChanges.sum();
  }

  /** Every member learns by it that a term began, also where nobody else writes. */
  void lead(long term) {
    submission.lead(
        Command.newBuilder()
            .setUser(Caller.SERVER.user())
            .setTermBegan(TermBegan.newBuilder().addAllInitialMembers(initialMembers))
            .build(),
        term);
  }

  @Override
  public void committed(List<Transaction> transactions) {
    listener.committed(transactions);
  }

  @Override
  public void applied(long term, long index) {
    if (standing.leading() && standing.term() == term) {
      channels.tellCommitted(term, index);
    }
  }

  @Override
  public void replaced() {
    listener.replaced();
  }

  @Override
  public void stands(Standing now) {
    if (now.hasLeader() && now.leader() != standing.leader()) {
      leaderChanges.increment();
    }
    standing = now;
    listener.stands(now);
    CompletableFuture<?> _ = begun.thenAccept(it -> it.lostLeader.stands(now));
    if (now.leading()) {
      CompletableFuture<?> _ = begun.thenRunAsync(() -> lead(now.term()), clock);
    }
    if (now.hasLeader()) {
      submission.submitAllSoon();
    }
  }

  @Override
  public void termBegan() {
    submission.submitAllSoon();
  }

  @Override
  public void failed() {
    CompletableFuture<?> _ = begun.thenAccept(it -> it.fail.run());
  }
}
