package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.peer.FindLeaseRequest;
import io.cadastre.contracts.kv.peer.FindLeaseResponse;
import io.cadastre.contracts.kv.peer.ForwardRequest;
import io.cadastre.contracts.kv.peer.ForwardResponse;
import io.cadastre.contracts.kv.peer.HashHistoryRequest;
import io.cadastre.contracts.kv.peer.HashHistoryResponse;
import io.cadastre.contracts.kv.peer.MembersRequest;
import io.cadastre.contracts.kv.peer.MembersResponse;
import io.cadastre.contracts.kv.peer.PeerGrpc;
import io.cadastre.contracts.kv.peer.RenewLeaseRequest;
import io.cadastre.contracts.kv.peer.RenewLeaseResponse;
import io.cadastre.kv.cluster.Members;
import io.cadastre.kv.engine.EngineException;
import io.cadastre.kv.lease.LeaseView;
import io.cadastre.kv.lease.NotLeaderException;
import io.cadastre.kv.log.LogDamagedException;
import io.cadastre.kv.mvcc.CompactedException;
import io.cadastre.kv.mvcc.FutureRevisionException;
import io.cadastre.kv.mvcc.HistoryHash;
import io.cadastre.kv.raft.RaftMember;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.stub.StreamObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What other members ask this one. */
final class PeerService extends PeerGrpc.PeerImplBase {

  private static final Logger LOG = System.getLogger(PeerService.class.getName());

  /** What it needs; nobody is answered before that is there. */
  record Own(Answers answers, RaftMember member, LeaderLeases leases, OwnData data) {}

  private volatile @Nullable Own own;

  void serve(Own ready) {
    own = ready;
  }

  private <R> void answer(StreamObserver<R> out, Function<Own, CompletableFuture<R>> response) {
    Own ready = own;
    if (ready == null) {
      out.onError(Status.UNAVAILABLE.withDescription("not started yet").asException());
      return;
    }
    CompletableFuture<?> _ =
        response
            .apply(ready)
            .whenComplete((found, failure) -> {
              if (failure == null) {
                out.onNext(found);
                out.onCompleted();
              } else {
                out.onError(error(failure));
              }
            });
  }

  private static StatusException error(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException e && e.getCause() != null ? e.getCause() : failure;
    return switch (cause) {
      case EtcdException refusal -> refusal.error().status().asException();
      case NotLeaderException _ -> EtcdError.LEADER_CHANGED.status().asException();
      default -> Status.INTERNAL.withDescription(cause.toString()).asException();
    };
  }

  @Override
  public void members(MembersRequest request, StreamObserver<MembersResponse> out) {
    answer(
        out,
        it -> {
          Members members = it.answers.state().members();
          return CompletableFuture.completedFuture(
              MembersResponse.newBuilder()
                  .setClusterId(it.answers.self().clusterId())
                  .setMemberId(it.answers.self().memberId())
                  .addAllMembers(members.all())
                  .addAllRemovedIds(members.removed())
                  .setAppliedIndex(it.answers.state().appliedIndex())
                  .build());
        });
  }

  @Override
  public void forward(ForwardRequest request, StreamObserver<ForwardResponse> out) {
    answer(out, it -> it.member.accept(request));
  }

  @Override
  public void renewLease(RenewLeaseRequest request, StreamObserver<RenewLeaseResponse> out) {
    answer(
        out,
        it ->
            it.leases
                .renewHere(request.getId())
                .thenApply(ttl -> RenewLeaseResponse.newBuilder().setTtlSeconds(ttl).build()));
  }

  @Override
  public void findLease(FindLeaseRequest request, StreamObserver<FindLeaseResponse> out) {
    answer(
        out,
        it ->
            it.leases
                .findHere(request.getId())
                .thenApply(found ->
                    found.map(PeerService::told).orElse(FindLeaseResponse.getDefaultInstance())));
  }

  private static FindLeaseResponse told(LeaseView lease) {
    return FindLeaseResponse.newBuilder()
        .setFound(true)
        .setTtlSeconds(lease.ttlSeconds())
        .setLeftSeconds(lease.leftSeconds())
        .addAllKeys(lease.keys())
        .build();
  }

  @Override
  public void hashHistory(HashHistoryRequest request, StreamObserver<HashHistoryResponse> out) {
    answer(
        out,
        it ->
            it.answers
                .proposals()
                .caughtUp()
                .thenApplyAsync(
                    _ -> hash(it, request.getRevision()), it.answers.threads().working()));
  }

  private static HashHistoryResponse hash(Own it, long revision) {
    try {
      HistoryHash hash = it.data.hash(revision);
      return HashHistoryResponse.newBuilder()
          .setHash(hash.hash())
          .setCompactRevision(hash.compactRevision())
          .setRevision(hash.revision())
          .build();
    } catch (EngineException | LogDamagedException e) {
      LOG.log(Level.ERROR, "cannot read what this member has", e);
      return HashHistoryResponse.newBuilder().setUnreadable(true).build();
    } catch (CompactedException _) {
      throw EtcdError.COMPACTED.exception();
    } catch (FutureRevisionException _) {
      throw EtcdError.FUTURE_REVISION.exception();
    }
  }
}
