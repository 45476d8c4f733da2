package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.Member;
import io.cadastre.kv.cluster.Members;
import io.cadastre.kv.request.EtcdError;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Refuses what could cost the majority, as etcd's option --strict-reconfig-check: members have to
 * be started, and reached all the while, before who belongs to the cluster is changed.
 */
final class StrictReconfiguration {

  private final PeerSettings settings;
  private final Reachability reachability;

  StrictReconfiguration(PeerSettings settings, Reachability reachability) {
    this.settings = settings;
    this.reachability = reachability;
  }

  /** Finds out who is there just now. */
  CompletableFuture<Void> lookAround(Members members) {
    return settings.strict()
        ? reachability.ask(members.all())
        : CompletableFuture.completedFuture(null);
  }

  void requireToAdd(Members members, boolean learner) {
    if (!settings.strict()) {
      return;
    }
    List<Member> voters = members.voters();
    if (!learner) {
      requireStarted(started(voters), voters.size() + 1);
    }
    // The new one counts as one that is not reached.
    if (voters.size() > 1 && reached(voters) < majority(voters.size() + 1)) {
      throw EtcdError.UNHEALTHY.exception();
    }
  }

  void requireToRemove(Members members, long id) {
    if (!settings.strict() || members.isLearner(id)) {
      return;
    }
    List<Member> voters = members.voters();
    List<Member> left = voters.stream().filter(each -> each.getID() != id).toList();
    if (started(left) < majority(left.size())) {
      throw EtcdError.MEMBER_NOT_ENOUGH_STARTED.exception();
    }
    // Who is down is no part of the majority at work.
    if (reachability.isReached(id) && reached(voters) - 1 < 1 + (voters.size() - 1) / 2) {
      throw EtcdError.UNHEALTHY.exception();
    }
  }

  void requireToPromote(Members members) {
    if (settings.strict()) {
      List<Member> voters = members.voters();
      requireStarted(started(voters) + 1, voters.size() + 1);
    }
  }

  private long reached(List<Member> voters) {
    return reachability.countReached(voters, settings.reachedBeforeChange());
  }

  private static long started(List<Member> members) {
    return members.stream().filter(each -> !each.getName().isEmpty()).count();
  }

  /** One that is alone may become two. */
  private static void requireStarted(long started, int voters) {
    boolean becomesTwo = started == 1 && voters == 2;
    if (!becomesTwo && started < majority(voters)) {
      throw EtcdError.MEMBER_NOT_ENOUGH_STARTED.exception();
    }
  }

  private static int majority(int members) {
    return members / 2 + 1;
  }
}
