package io.cadastre.kv.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.cadastre.contracts.kv.LeaseGrantRequest;
import io.cadastre.contracts.kv.LeaseGrantResponse;
import io.cadastre.contracts.kv.LeaseGrpc;
import io.cadastre.contracts.kv.LeaseKeepAliveRequest;
import io.cadastre.contracts.kv.LeaseKeepAliveResponse;
import io.cadastre.contracts.kv.LeaseLeasesRequest;
import io.cadastre.contracts.kv.LeaseLeasesResponse;
import io.cadastre.contracts.kv.LeaseRevokeRequest;
import io.cadastre.contracts.kv.LeaseRevokeResponse;
import io.cadastre.contracts.kv.LeaseStatus;
import io.cadastre.contracts.kv.LeaseTimeToLiveRequest;
import io.cadastre.contracts.kv.LeaseTimeToLiveResponse;
import io.cadastre.kv.auth.AuthState;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.lease.LeaseView;
import io.cadastre.kv.request.EtcdException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Leases. */
final class LeaseService extends LeaseGrpc.LeaseImplBase {

  private final Answers answers;
  private final Quota quota;
  private final LeaderLeases leases;
  private final long leastSeconds;
  private final SecureRandom random = new SecureRandom();

  /**
   * Makes it.
   *
   * @param leastSeconds a lease must outlive an election
   */
  LeaseService(Answers answers, Quota quota, LeaderLeases leases, long leastSeconds) {
    this.answers = answers;
    this.quota = quota;
    this.leases = leases;
    this.leastSeconds = leastSeconds;
  }

  @Override
  public void leaseGrant(LeaseGrantRequest request, StreamObserver<LeaseGrantResponse> out) {
    // What members could settle differently is settled before they agree.
    LeaseGrantRequest settled =
        request.toBuilder()
            .setID(request.getID() == 0 ? positiveId() : request.getID())
            .setTTL(Math.max(request.getTTL(), leastSeconds))
            .build();
    answers.answer(
        out,
        () -> {
          Caller caller = answers.caller();
          return quota.spend(
              0, () -> answers.propose(caller, command -> command.setLeaseGrant(settled)));
        });
  }

  private long positiveId() {
    return random.nextLong(1, Long.MAX_VALUE);
  }

  @Override
  public void leaseRevoke(LeaseRevokeRequest request, StreamObserver<LeaseRevokeResponse> out) {
    answers.propose(out, command -> command.setLeaseRevoke(request));
  }

  @Override
  public StreamObserver<LeaseKeepAliveRequest> leaseKeepAlive(
      StreamObserver<LeaseKeepAliveResponse> out) {
    try {
      Caller _ = answers.somebody();
    } catch (EtcdException refusal) {
      out.onError(Answers.error(refusal));
      return new Refused<>();
    }
    KeepAlives client =
        new KeepAlives(
            (ServerCallStreamObserver<LeaseKeepAliveResponse>) out, answers::header, leases::renew);
    client.begin();
    return client;
  }

  @Override
  public void leaseTimeToLive(
      LeaseTimeToLiveRequest request, StreamObserver<LeaseTimeToLiveResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller caller = answers.somebody();
          return leases
              .find(request.getID())
              .thenApply(lease -> timeToLive(request, caller, lease.orElse(null)));
        });
  }

  private Message timeToLive(
      LeaseTimeToLiveRequest request, Caller caller, @Nullable LeaseView lease) {
    LeaseTimeToLiveResponse.Builder response =
        LeaseTimeToLiveResponse.newBuilder().setID(request.getID());
    if (lease == null) {
      return response.setTTL(-1).build();
    }
    response.setTTL(lease.leftSeconds()).setGrantedTTL(lease.ttlSeconds());
    if (request.getKeys()) {
      requireRead(caller, lease.keys());
      response.addAllKeys(lease.keys());
    }
    return response.build();
  }

  private void requireRead(Caller caller, List<ByteString> keys) {
    AuthState rights = answers.state().auth().state();
    keys.forEach(key -> rights.requireRead(caller, key, ByteString.EMPTY));
  }

  @Override
  public void leaseLeases(LeaseLeasesRequest request, StreamObserver<LeaseLeasesResponse> out) {
    answers.answer(
        out,
        () -> {
          Caller caller = answers.somebody();
          LeaseLeasesResponse.Builder response = LeaseLeasesResponse.newBuilder();
          for (long id : answers.state().leases().ids()) {
            requireRead(caller, answers.state().leases().keys(id));
            response.addLeases(LeaseStatus.newBuilder().setID(id));
          }
          return CompletableFuture.completedFuture(response.build());
        });
  }

  /** Of a stream that was ended at once. */
  private static final class Refused<Q> implements StreamObserver<Q> {

    @Override
    public void onNext(Q request) {
      // Too late.
    }

    @Override
    public void onError(Throwable failure) {
      // It is over already.
    }

    @Override
    public void onCompleted() {
      // It is over already.
    }
  }
}
