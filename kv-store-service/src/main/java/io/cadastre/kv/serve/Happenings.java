package io.cadastre.kv.serve;

import io.cadastre.kv.lease.LeaseBook;
import io.cadastre.kv.mvcc.Transaction;
import io.cadastre.kv.raft.RaftMember;
import io.cadastre.kv.raft.Standing;
import io.cadastre.kv.state.Replica;
import io.cadastre.kv.watch.WatchHub;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/** What the cluster does to this member: watchers hear of it, and leases expire where it leads. */
final class Happenings implements RaftMember.Listener {

  private final WatchHub hub;
  private final KeyCounts keys;
  private final Replica replica;
  private final Duration electionTimeout;
  private final Consumer<Standing> standings;

  Happenings(
      WatchHub hub,
      KeyCounts keys,
      Replica replica,
      Duration electionTimeout,
      Consumer<Standing> standings) {
    this.hub = hub;
    this.keys = keys;
    this.replica = replica;
    this.electionTimeout = electionTimeout;
    this.standings = standings;
  }

  @Override
  public void committed(List<Transaction> transactions) {
    hub.publish(transactions);
    keys.committed(transactions);
  }

  @Override
  public void replaced() {
    hub.reset();
  }

  @Override
  public void stands(Standing standing) {
    standings.accept(standing);
    LeaseBook leases = replica.current().leases();
    if (standing.leading()) {
      leases.promote(electionTimeout);
    } else {
      leases.demote();
    }
  }
}
