package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.command.Command;
import io.cadastre.contracts.kv.command.ExpiredLeases;
import io.cadastre.contracts.kv.command.LeaseCheckpoints;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.lease.LeaseLog;
import io.cadastre.kv.raft.Standing;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Leases that end by the log. */
record ProposedLeases(Answers answers) implements LeaseLog {

  @Override
  public long term() {
    Standing now = answers.self().standing().get();
    return now.leading() ? now.term() : 0;
  }

  @Override
  public CompletableFuture<?> revoke(long term, List<Long> ids) {
    return propose(
        term, command -> command.setExpiredLeases(ExpiredLeases.newBuilder().addAllIds(ids)));
  }

  @Override
  public CompletableFuture<?> checkpoint(long term, Map<Long, Long> leftSeconds) {
    return propose(
        term,
        command ->
            command.setLeaseCheckpoints(
                LeaseCheckpoints.newBuilder().putAllLeftSeconds(leftSeconds)));
  }

  private CompletableFuture<?> propose(long term, Consumer<Command.Builder> request) {
    Command.Builder command = Command.newBuilder().setUser(Caller.SERVER.user());
    request.accept(command);
    return answers.proposals().proposeIn(term, command);
  }
}
