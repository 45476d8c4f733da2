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
  private final StrictReconfiguration strict;
  private final String token;

  ClusterService(Answers answers, PeerCalls peers, StrictReconfiguration strict, String token) {
    this.answers = answers;
    this.peers = peers;
    this.strict = strict;
    this.token = token;
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
          Caller caller = answers.admin();
          PeerUrls.check(request.getPeerURLsList());
          Member added =
              Member.newBuilder()
                  .setID(
                      ClusterIds.member(
                          request.getPeerURLsList(), token, Instant.now().getEpochSecond()))
                  .addAllPeerURLs(request.getPeerURLsList().stream().sorted().toList())
                  .setIsLearner(request.getIsLearner())
                  .build();
          return strict
              .lookAround(members())
              .thenCompose(_ -> {
                strict.requireToAdd(members(), request.getIsLearner());
                return answers.propose(caller, command -> command.setMemberAddition(added));
              });
        });
  }

  @Override
  public void memberRemove(MemberRemoveRequest request, StreamObserver<MemberRemoveResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller caller = answers.admin();
          return strict
              .lookAround(members())
              .thenCompose(_ -> {
                strict.requireToRemove(members(), request.getID());
                return answers.propose(caller, command -> command.setMemberRemoval(request));
              });
        });
  }

  @Override
  public void memberUpdate(MemberUpdateRequest request, StreamObserver<MemberUpdateResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller caller = answers.admin();
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
          Caller caller = answers.admin();
          return answers
              .proposals()
              .caughtUp()
              .thenCompose(_ -> inSync(request.getID()))
              .thenCompose(inSync -> {
                if (!inSync) {
                  throw EtcdError.LEARNER_NOT_READY.exception();
                }
                strict.requireToPromote(members());
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
