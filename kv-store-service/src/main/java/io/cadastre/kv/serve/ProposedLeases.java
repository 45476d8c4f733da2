package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.command.ExpiredLeases;
import io.cadastre.contracts.kv.command.LeaseCheckpoints;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.lease.LeaseLog;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Leases that end by the log. */
record ProposedLeases(Answers answers) implements LeaseLog {

  @Override
  public CompletableFuture<?> revoke(List<Long> ids) {
    return answers.propose(
        Caller.SERVER,
        command -> command.setExpiredLeases(ExpiredLeases.newBuilder().addAllIds(ids)));
  }

  @Override
  public CompletableFuture<?> checkpoint(Map<Long, Long> leftSeconds) {
    return answers.propose(
        Caller.SERVER,
        command ->
            command.setLeaseCheckpoints(
                LeaseCheckpoints.newBuilder().putAllLeftSeconds(leftSeconds)));
  }
}
