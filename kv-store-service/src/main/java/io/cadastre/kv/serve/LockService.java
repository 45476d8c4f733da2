package io.cadastre.kv.serve;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.lock.LockGrpc;
import io.cadastre.contracts.kv.lock.LockRequest;
import io.cadastre.contracts.kv.lock.LockResponse;
import io.cadastre.contracts.kv.lock.UnlockRequest;
import io.cadastre.contracts.kv.lock.UnlockResponse;
import io.cadastre.kv.watch.WatchHub;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;

/** Locks that end with a lease. */
final class LockService extends LockGrpc.LockImplBase {

  private final Answers answers;
  private final WatchHub hub;

  LockService(Answers answers, WatchHub hub) {
    this.answers = answers;
    this.hub = hub;
  }

  @Override
  public void lock(LockRequest request, StreamObserver<LockResponse> out) {
    answers.answerWaiting(
        out,
        () -> {
          WaitingLine line = new WaitingLine(answers, hub, answers.caller(), request.getName());
          WaitingLine.Place place = line.enter(request.getLease(), ByteString.EMPTY);
          line.awaitTurn(place);
          if (line.get(place.key()) == null) {
            // The lease ended while it waited.
            throw Status.UNKNOWN.withDescription("mutex: session is expired").asRuntimeException();
          }
          return LockResponse.newBuilder().setKey(place.key()).build();
        });
  }

  @Override
  public void unlock(UnlockRequest request, StreamObserver<UnlockResponse> out) {
    answers.answerWaiting(
        out,
        () -> {
          WaitingLine line = new WaitingLine(answers, hub, answers.caller(), request.getKey());
          var _ =
              line.propose(command ->
                  command.setDeleteRange(DeleteRangeRequest.newBuilder().setKey(request.getKey())));
          return UnlockResponse.getDefaultInstance();
        });
  }
}
