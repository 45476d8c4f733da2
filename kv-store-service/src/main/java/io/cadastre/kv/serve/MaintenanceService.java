package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.AlarmMember;
import io.cadastre.contracts.kv.AlarmRequest;
import io.cadastre.contracts.kv.AlarmResponse;
import io.cadastre.contracts.kv.AlarmType;
import io.cadastre.contracts.kv.DefragmentRequest;
import io.cadastre.contracts.kv.DefragmentResponse;
import io.cadastre.contracts.kv.DowngradeInfo;
import io.cadastre.contracts.kv.DowngradeRequest;
import io.cadastre.contracts.kv.DowngradeResponse;
import io.cadastre.contracts.kv.HashKVRequest;
import io.cadastre.contracts.kv.HashKVResponse;
import io.cadastre.contracts.kv.HashRequest;
import io.cadastre.contracts.kv.HashResponse;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.MoveLeaderRequest;
import io.cadastre.contracts.kv.MoveLeaderResponse;
import io.cadastre.contracts.kv.SnapshotRequest;
import io.cadastre.contracts.kv.SnapshotResponse;
import io.cadastre.contracts.kv.StatusRequest;
import io.cadastre.contracts.kv.StatusResponse;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.engine.EngineHash;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.CompactedException;
import io.cadastre.kv.mvcc.FutureRevisionException;
import io.cadastre.kv.mvcc.HistoryHash;
import io.cadastre.kv.raft.RaftMember;
import io.cadastre.kv.raft.Standing;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import io.cadastre.kv.state.StateMachine;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.stream.Stream;

/** Looking after a member. */
final class MaintenanceService extends MaintenanceGrpc.MaintenanceImplBase {

  /** The release of etcd whose behaviour this is; clients choose by it what they may ask for. */
  static final String VERSION = "3.6.0";

  private final Answers answers;
  private final Quota quota;
  private final RaftMember member;
  private final Path scratch;

  /**
   * Makes it.
   *
   * @param scratch directory for a snapshot on its way
   */
  MaintenanceService(Answers answers, Quota quota, RaftMember member, Path scratch) {
    this.answers = answers;
    this.quota = quota;
    this.member = member;
    this.scratch = scratch;
  }

  @Override
  public void alarm(AlarmRequest request, StreamObserver<AlarmResponse> out) {
    answers.propose(out, command -> command.setAlarm(request));
  }

  @Override
  public void status(StatusRequest request, StreamObserver<StatusResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller _ = answers.somebody();
          return CompletableFuture.completedFuture(status());
        });
  }

  private StatusResponse status() {
    StateMachine state = answers.state();
    StorageEngine engine = state.engine();
    Standing standing = member.standing();
    return StatusResponse.newBuilder()
        .setVersion(VERSION)
        .setStorageVersion(VERSION)
        .setDbSize(engine.sizeBytes())
        .setDbSizeInUse(engine.sizeInUseBytes())
        .setDbSizeQuota(quota.mostBytes())
        .setLeader(standing.leader())
        .setRaftTerm(standing.term())
        .setRaftIndex(member.committedIndex())
        .setRaftAppliedIndex(state.appliedIndex())
        .setIsLearner(state.members().isLearner(answers.self().memberId()))
        .addAllErrors(standing.hasLeader() ? List.of() : List.of(EtcdError.NO_LEADER.text()))
        .addAllErrors(alarms(state).map(this::text).toList())
        .setDowngradeInfo(DowngradeInfo.getDefaultInstance())
        .build();
  }

  /** A full disk of this member's may keep its alarm from being applied here. */
  private Stream<AlarmMember> alarms(StateMachine state) {
    Stream<AlarmMember> active = state.alarms().active().stream();
    AlarmMember full =
        AlarmMember.newBuilder()
            .setMemberID(answers.self().memberId())
            .setAlarm(AlarmType.NOSPACE)
            .build();
    return member.hasRoom() ? active : Stream.concat(active, Stream.of(full)).distinct();
  }

  private String text(AlarmMember alarm) {
    return "memberID:"
        + Long.toUnsignedString(alarm.getMemberID())
        + " alarm:"
        + alarm.getAlarm()
        + " ";
  }

  @Override
  public void defragment(DefragmentRequest request, StreamObserver<DefragmentResponse> out) {
    answers.answerWorking(
        out,
        () -> {
          Caller _ = answers.admin();
          answers.state().engine().defragment();
          member.saveSoon();
          return DefragmentResponse.getDefaultInstance();
        });
  }

  @Override
  public void hash(HashRequest request, StreamObserver<HashResponse> out) {
    answers.answerWorking(
        out,
        () -> {
          Caller _ = answers.admin();
          return HashResponse.newBuilder().setHash(EngineHash.of(answers.state().engine())).build();
        });
  }

  @Override
  public void hashKV(HashKVRequest request, StreamObserver<HashKVResponse> out) {
    answers.answerWorking(
        out,
        () -> {
          Caller _ = answers.admin();
          HistoryHash hash = hash(request.getRevision());
          return HashKVResponse.newBuilder()
              .setHash(hash.hash())
              .setCompactRevision(hash.compactRevision())
              .setHashRevision(hash.revision())
              .build();
        });
  }

  private HistoryHash hash(long revision) {
    try {
      return answers.state().store().hash(revision);
    } catch (CompactedException _) {
      throw EtcdError.COMPACTED.exception();
    } catch (FutureRevisionException _) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
  }

  @Override
  public void snapshot(SnapshotRequest request, StreamObserver<SnapshotResponse> out) {
    try {
      Caller _ = answers.admin();
    } catch (EtcdException refusal) {
      out.onError(Answers.error(refusal));
      return;
    }
    SnapshotSending sending =
        new SnapshotSending(answers, (ServerCallStreamObserver<SnapshotResponse>) out, scratch);
    answers.threads().working().execute(sending::run);
  }

  @Override
  public void moveLeader(MoveLeaderRequest request, StreamObserver<MoveLeaderResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller _ = answers.admin();
          return moveTo(request.getTargetID());
        });
  }

  private CompletableFuture<MoveLeaderResponse> moveTo(long target) {
    if (!member.standing().leading()) {
      throw EtcdError.NOT_LEADER.exception();
    }
    boolean votes =
        answers.state().members().find(target).filter(each -> !each.getIsLearner()).isPresent();
    if (!votes) {
      throw EtcdError.BAD_LEADER_TRANSFEREE.exception();
    }
    Executor inContext = Context.currentContextExecutor(answers.threads().waiting());
    return CompletableFuture.supplyAsync(
        () -> {
          if (!member.transferTo(target)) {
            throw EtcdError.TIMEOUT_LEADER_TRANSFER.exception();
          }
          return MoveLeaderResponse.getDefaultInstance();
        },
        inContext);
  }

  @Override
  public void downgrade(DowngradeRequest request, StreamObserver<DowngradeResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller _ = answers.admin();
          throw switch (request.getAction()) {
            case CANCEL -> EtcdError.NO_DOWNGRADE.exception();
            case VALIDATE, ENABLE, UNRECOGNIZED -> EtcdError.INVALID_DOWNGRADE_VERSION.exception();
          };
        });
  }
}
