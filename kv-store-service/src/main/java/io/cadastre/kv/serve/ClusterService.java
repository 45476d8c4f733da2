package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.ClusterGrpc;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.MemberAddRequest;
import io.cadastre.contracts.kv.MemberAddResponse;
import io.cadastre.contracts.kv.MemberListRequest;
import io.cadastre.contracts.kv.MemberListResponse;
import io.cadastre.contracts.kv.MemberPromoteRequest;
import io.cadastre.contracts.kv.MemberPromoteResponse;
import io.cadastre.contracts.kv.MemberRemoveRequest;
import io.cadastre.contracts.kv.MemberRemoveResponse;
import io.cadastre.contracts.kv.MemberUpdateRequest;
import io.cadastre.contracts.kv.MemberUpdateResponse;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.cluster.ClusterIds;
import io.cadastre.kv.cluster.Members;
import io.cadastre.kv.cluster.PeerUrls;
import io.cadastre.kv.request.EtcdError;
import io.grpc.stub.StreamObserver;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Who belongs to the cluster. What is changed here is agreed on as any other change; the leader
 * then has Raft's configuration follow.
 */
final class ClusterService extends ClusterGrpc.ClusterImplBase {

  /** A learner that has nine tenths of what the leader has is taken for in sync. */
  private static final double IN_SYNC = 0.9;

  private final Answers answers;
  private final PeerCalls peers;
  private final PeerSettings settings;

  ClusterService(Answers answers, PeerCalls peers, PeerSettings settings) {
    this.answers = answers;
    this.peers = peers;
    this.settings = settings;
  }

  @Override
  public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller _ = answers.somebody();
          CompletableFuture<Void> current =
              request.getLinearizable()
                  ? answers.proposals().caughtUp()
                  : CompletableFuture.completedFuture(null);
          return current.thenApply(
              _ -> MemberListResponse.newBuilder().addAllMembers(members().all()).build());
        });
  }

  private Members members() {
    return answers.state().members();
  }

  @Override
  public void memberAdd(MemberAddRequest request, StreamObserver<MemberAddResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller caller = admin();
          PeerUrls.check(request.getPeerURLsList());
          if (!request.getIsLearner()) {
            requireStarted(voters(), voters().size() + 1);
          }
          Member added =
              Member.newBuilder()
                  .setID(
                      ClusterIds.member(
                          request.getPeerURLsList(),
                          settings.bootstrap().token(),
                          Instant.now().getEpochSecond()))
                  .addAllPeerURLs(request.getPeerURLsList())
                  .setIsLearner(request.getIsLearner())
                  .build();
          return answers.propose(caller, command -> command.setMemberAddition(added));
        });
  }

  private Caller admin() {
    Caller caller = answers.caller();
    answers.state().auth().state().requireAdmin(caller);
    return caller;
  }

  private List<Member> voters() {
    return members().all().stream().filter(each -> !each.getIsLearner()).toList();
  }

  /**
   * As etcd: a change must not leave the cluster with more to wait for than it has started. Only
   * one that is alone may become two.
   */
  private static void requireStarted(List<Member> left, int votersAfterwards) {
    long started = left.stream().filter(each -> !each.getName().isEmpty()).count();
    boolean becomesTwo = started == 1 && votersAfterwards == 2;
    if (!becomesTwo && started < votersAfterwards / 2 + 1) {
      throw EtcdError.MEMBER_NOT_ENOUGH_STARTED.exception();
    }
  }

  @Override
  public void memberRemove(MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller caller = admin();
          members()
              .find(request.getID())
              .filter(member -> !member.getIsLearner() && !member.getName().isEmpty())
              .ifPresent(this::requireQuorumWithout);
          return answers.propose(caller, command -> command.setMemberRemoval(request));
        });
  }

  private void requireQuorumWithout(Member removed) {
    List<Member> left = voters().stream().filter(each -> each.getID() != removed.getID()).toList();
    if (!left.isEmpty()) {
      requireStarted(left, left.size());
    }
  }

  @Override
  public void memberUpdate(MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller caller = admin();
          PeerUrls.check(request.getPeerURLsList());
          return answers.propose(caller, command -> command.setMemberUpdate(request));
        });
  }

  @Override
  public void memberPromote(
      MemberPromoteRequest request, StreamObserver<MemberPromoteResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller caller = admin();
          return answers
              .proposals()
              .caughtUp()
              .thenCompose(_ -> inSync(request.getID()))
              .thenCompose(inSync -> {
                if (!inSync) {
                  throw EtcdError.LEARNER_NOT_READY.exception();
                }
                return answers.propose(caller, command -> command.setMemberPromotion(request));
              });
        });
  }

  private CompletableFuture<Boolean> inSync(long id) {
    Member member = members().find(id).orElseThrow(EtcdError.MEMBER_NOT_FOUND::exception);
    if (!member.getIsLearner()) {
      throw EtcdError.MEMBER_NOT_LEARNER.exception();
    }
    double enough = answers.state().appliedIndex() * IN_SYNC;
    return peers
        .members(id)
        .thenApply(told -> told.getAppliedIndex() >= enough)
        .exceptionally(_ -> false);
  }
}
