package io.cadastre.kv.serve;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.cadastre.contracts.kv.peer.FindLeaseRequest;
import io.cadastre.contracts.kv.peer.FindLeaseResponse;
import io.cadastre.contracts.kv.peer.ForwardRequest;
import io.cadastre.contracts.kv.peer.ForwardResponse;
import io.cadastre.contracts.kv.peer.HashHistoryRequest;
import io.cadastre.contracts.kv.peer.HashHistoryResponse;
import io.cadastre.contracts.kv.peer.MembersRequest;
import io.cadastre.contracts.kv.peer.MembersResponse;
import io.cadastre.contracts.kv.peer.PeerGrpc;
import io.cadastre.contracts.kv.peer.PeerGrpc.PeerFutureStub;
import io.cadastre.contracts.kv.peer.RenewLeaseRequest;
import io.cadastre.contracts.kv.peer.RenewLeaseResponse;
import io.cadastre.kv.peer.PeerChannels;
import io.cadastre.kv.raft.Others;
import io.cadastre.kv.request.EtcdError;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;

/** What this member asks others. */
final class PeerCalls implements Others {

  private static final long SOON_SECONDS = 2;
  private static final long LONG_SECONDS = 60;

  private final PeerChannels channels;
  private final LongFunction<Optional<URI>> addresses;

  /**
   * Makes them.
   *
   * @param addresses where a member is, as far as is known
   */
  PeerCalls(PeerChannels channels, LongFunction<Optional<URI>> addresses) {
    this.channels = channels;
    this.addresses = addresses;
  }

  // Calls to a leader wait for a connection: one that cannot be made soon is no leader's.
  private PeerFutureStub to(long member, long seconds) {
    return to(addresses.apply(member).orElseThrow(EtcdError.UNHEALTHY::exception), seconds);
  }

  private PeerFutureStub to(URI peer, long seconds) {
    return PeerGrpc.newFutureStub(channels.to(peer)).withDeadlineAfter(seconds, TimeUnit.SECONDS);
  }

  CompletableFuture<MembersResponse> members(URI peer) {
    return future(to(peer, SOON_SECONDS).members(MembersRequest.getDefaultInstance()));
  }

  CompletableFuture<MembersResponse> members(long member) {
    return future(to(member, SOON_SECONDS).members(MembersRequest.getDefaultInstance()));
  }

  @Override
  public CompletableFuture<ForwardResponse> forward(long member, ForwardRequest request) {
    return addresses.apply(member).isEmpty()
        ? CompletableFuture.failedFuture(EtcdError.NO_LEADER.exception())
        : future(to(member, SOON_SECONDS).withWaitForReady().forward(request));
  }

  @Override
  public CompletableFuture<Long> appliedIndex(long member) {
    return addresses.apply(member).isEmpty()
        ? CompletableFuture.failedFuture(EtcdError.MEMBER_NOT_FOUND.exception())
        : members(member).thenApply(MembersResponse::getAppliedIndex);
  }

  CompletableFuture<RenewLeaseResponse> renew(long leader, long lease) {
    return future(
        to(leader, SOON_SECONDS)
            .withWaitForReady()
            .renewLease(RenewLeaseRequest.newBuilder().setId(lease).build()));
  }

  CompletableFuture<FindLeaseResponse> find(long leader, long lease) {
    return future(
        to(leader, SOON_SECONDS)
            .withWaitForReady()
            .findLease(FindLeaseRequest.newBuilder().setId(lease).build()));
  }

  CompletableFuture<HashHistoryResponse> hash(long member, long revision) {
    return future(
        to(member, LONG_SECONDS)
            .hashHistory(HashHistoryRequest.newBuilder().setRevision(revision).build()));
  }

  private static <R> CompletableFuture<R> future(ListenableFuture<R> call) {
    CompletableFuture<R> future = new CompletableFuture<>();
    call.addListener(
        () -> {
          try {
            boolean _ = future.complete(call.get());
          } catch (ExecutionException e) {
            Throwable cause = e.getCause();
            boolean _ = future.completeExceptionally(cause == null ? e : cause);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            boolean _ = future.completeExceptionally(e);
          }
        },
        MoreExecutors.directExecutor());
    return future;
  }
}
