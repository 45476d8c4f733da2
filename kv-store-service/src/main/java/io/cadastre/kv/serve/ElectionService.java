package io.cadastre.kv.serve;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.election.CampaignRequest;
import io.cadastre.contracts.kv.election.CampaignResponse;
import io.cadastre.contracts.kv.election.ElectionGrpc;
import io.cadastre.contracts.kv.election.LeaderKey;
import io.cadastre.contracts.kv.election.LeaderRequest;
import io.cadastre.contracts.kv.election.LeaderResponse;
import io.cadastre.contracts.kv.election.ProclaimRequest;
import io.cadastre.contracts.kv.election.ProclaimResponse;
import io.cadastre.contracts.kv.election.ResignRequest;
import io.cadastre.contracts.kv.election.ResignResponse;
import io.cadastre.contracts.kv.mvcc.Event;
import io.cadastre.contracts.kv.mvcc.Event.EventType;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.watch.WatchHub;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.Executor;

/** Elections: whoever comes first leads, as long as its lease lives. */
final class ElectionService extends ElectionGrpc.ElectionImplBase {

  private final Answers answers;
  private final WatchHub hub;

  ElectionService(Answers answers, WatchHub hub) {
    this.answers = answers;
    this.hub = hub;
  }

  private WaitingLine line(ByteString name) {
    return new WaitingLine(answers, hub, answers.caller(), name);
  }

  @Override
  public void campaign(CampaignRequest request, StreamObserver<CampaignResponse> out) {
    answers.answerWaiting(
        out,
        () -> {
          WaitingLine line = line(request.getName());
          WaitingLine.Place place = line.enter(request.getLease(), request.getValue());
          if (!place.value().equals(request.getValue())) {
            ResponseHeader _ =
                line.rename(place.key(), place.revision(), place.lease(), request.getValue());
          }
          line.awaitTurn(place);
          return CampaignResponse.newBuilder()
              .setLeader(
                  LeaderKey.newBuilder()
                      .setName(request.getName())
                      .setKey(place.key())
                      .setRev(place.revision())
                      .setLease(place.lease()))
              .build();
        });
  }

  @Override
  public void proclaim(ProclaimRequest request, StreamObserver<ProclaimResponse> out) {
    answers.answerWaiting(
        out,
        () -> {
          requireLeader(request.hasLeader());
          LeaderKey leader = request.getLeader();
          ResponseHeader done =
              line(leader.getName())
                  .rename(leader.getKey(), leader.getRev(), leader.getLease(), request.getValue());
          if (done == null) {
            throw unknown("election: not leader");
          }
          return ProclaimResponse.getDefaultInstance();
        });
  }

  @Override
  public void leader(LeaderRequest request, StreamObserver<LeaderResponse> out) {
    answers.answerWaiting(
        out,
        () -> {
          RangeResponse holder = line(request.getName()).holder();
          if (holder.getKvsCount() == 0) {
            throw unknown("election: no leader");
          }
          return LeaderResponse.newBuilder().setKv(holder.getKvs(0)).build();
        });
  }

  @Override
  public void observe(LeaderRequest request, StreamObserver<LeaderResponse> out) {
    Executor inContext = Context.currentContextExecutor(answers.threads().waiting());
    inContext.execute(() -> {
      try {
        WaitingLine line = line(request.getName());
        while (!Context.current().isCancelled()) {
          observeOne(line, out);
        }
      } catch (RuntimeException e) {
        if (!Context.current().isCancelled()) {
          out.onError(Answers.error(e));
        }
      }
    });
  }

  /** Tells of a leader and of all it proclaims, until it leads no more. */
  private void observeOne(WaitingLine line, StreamObserver<LeaderResponse> out) {
    RangeResponse holder = line.holder();
    long revision = holder.getHeader().getRevision();
    KeyValue leader = holder.getKvsCount() > 0 ? holder.getKvs(0) : null;
    if (leader == null) {
      try (FollowedKeys followed = line.follow(revision + 1)) {
        Event event = followed.next();
        while (event.getType() != EventType.PUT) {
          event = followed.next();
        }
        leader = event.getKv();
        revision = leader.getModRevision();
      }
    }
    tell(out, leader, revision);
    try (FollowedKeys followed = line.follow(leader.getKey(), revision + 1)) {
      Event event = followed.next();
      while (event.getType() == EventType.PUT) {
        tell(out, event.getKv(), event.getKv().getModRevision());
        event = followed.next();
      }
    }
  }

  private void tell(StreamObserver<LeaderResponse> out, KeyValue leader, long revision) {
    out.onNext(
        LeaderResponse.newBuilder()
            .setHeader(answers.self().header(revision))
            .setKv(leader)
            .build());
  }

  @Override
  public void resign(ResignRequest request, StreamObserver<ResignResponse> out) {
    answers.answerWaiting(
        out,
        () -> {
          requireLeader(request.hasLeader());
          LeaderKey leader = request.getLeader();
          boolean _ = line(leader.getName()).leave(leader.getKey(), leader.getRev());
          return ResignResponse.getDefaultInstance();
        });
  }

  private static void requireLeader(boolean given) {
    if (!given) {
      throw unknown("\"leader\" field must be provided");
    }
  }

  private static StatusRuntimeException unknown(String text) {
    return Status.UNKNOWN.withDescription(text).asRuntimeException();
  }
}
