package io.cadastre.kv.serve;

import com.google.protobuf.Message;
import io.cadastre.contracts.kv.CompactionRequest;
import io.cadastre.contracts.kv.CompactionResponse;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.DeleteRangeResponse;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.PutResponse;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeRequest.SortTarget;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.RangeStreamResponse;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.TxnResponse;
import io.cadastre.kv.apply.RangeReader;
import io.cadastre.kv.apply.ReadTxn;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.auth.RequestAccess;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import io.cadastre.kv.request.RequestCheck;
import io.cadastre.kv.state.StateMachine;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Reading and writing keys. */
final class KvService extends KVGrpc.KVImplBase {

  /** How often to look whether a state that is waited for is still the one in use. */
  private static final long STATE_SECONDS = 1;

  private final Answers answers;
  private final Quota quota;
  private final KeyCounts keys;
  private final Reads reads;
  private final RequestCheck check;
  private final int mostRequestBytes;

  KvService(Answers answers, Quota quota, KeyCounts keys, ClientLimits limits) {
    this.answers = answers;
    this.quota = quota;
    this.keys = keys;
    check = new RequestCheck(limits.txnOps());
    mostRequestBytes = limits.requestBytes();
    reads = Reads.of(answers.threads());
  }

  @Override
  public void range(RangeRequest request, StreamObserver<RangeResponse> out) {
    answers.answer(
        out,
        () -> {
          check.range(request);
          keys.range();
          Context call = Context.current();
          return allowed(request)
              .thenCompose(_ ->
                  reads.read(
                      call, meter -> RangeReader.read(answers.state().store(), request, meter)));
        });
  }

  /** Done when a range can be read here, and its caller may. */
  private CompletableFuture<Void> allowed(RangeRequest request) {
    Caller caller = answers.caller();
    CompletableFuture<Void> current =
        request.getSerializable()
            ? CompletableFuture.completedFuture(null)
            : answers.proposals().caughtUp();
    return current.thenAccept(_ ->
        answers
            .state()
            .auth()
            .state()
            .requireRead(caller, request.getKey(), request.getRangeEnd()));
  }

  @Override
  public void rangeStream(RangeRequest request, StreamObserver<RangeStreamResponse> out) {
    RangeSending sending =
        new RangeSending(answers, (ServerCallStreamObserver<RangeStreamResponse>) out, request);
    try {
      check.rangeStream(request);
      if (request.getSortTarget() != SortTarget.KEY) {
        // Etcd takes this one, where the order is left open; no part of it is known before all is.
        range(request, new InOnePiece(out));
        return;
      }
      keys.range();
      CompletableFuture<?> _ =
          allowed(request)
              .whenCompleteAsync((_, failure) -> sending.run(failure), answers.threads().waiting());
    } catch (EtcdException | StatusRuntimeException refusal) {
      out.onError(Answers.error(refusal));
    }
  }

  @Override
  public void put(PutRequest request, StreamObserver<PutResponse> out) {
    answers.answer(
        out,
        () -> {
          check.put(request);
          requireSize(request);
          int bytes = request.getKey().size() + request.getValue().size();
          return quota.spend(bytes, () -> propose(command -> command.setPut(request)));
        });
  }

  @Override
  public void deleteRange(DeleteRangeRequest request, StreamObserver<DeleteRangeResponse> out) {
    answers.answer(
        out,
        () -> {
          check.deleteRange(request);
          requireSize(request);
          return propose(command -> command.setDeleteRange(request));
        });
  }

  @Override
  public void txn(TxnRequest request, StreamObserver<TxnResponse> out) {
    answers.answer(
        out,
        () -> {
          check.txn(request);
          requireSize(request);
          return ReadTxn.isOne(request)
              ? readTxn(request)
              : quota.spend(request, () -> propose(command -> command.setTxn(request)));
        });
  }

  /** As with a range, the log is asked how far it is, and not made longer. */
  private CompletableFuture<TxnResponse> readTxn(TxnRequest request) {
    Caller caller = answers.caller();
    Context call = Context.current();
    CompletableFuture<Void> current =
        ReadTxn.isSerializable(request)
            ? CompletableFuture.completedFuture(null)
            : answers.proposals().caughtUp();
    return current.thenCompose(_ -> {
      StateMachine state = answers.state();
      new RequestAccess(state.auth().state(), caller, state.leases()::keys).txn(request);
      return reads.read(call, meter -> ReadTxn.run(state.store(), request, meter));
    });
  }

  @Override
  public void compact(CompactionRequest request, StreamObserver<CompactionResponse> out) {
    answers.answer(
        out,
        () -> {
          Context call = Context.current();
          Caller caller = answers.admin();
          CompletableFuture<Message> compacted =
              answers.propose(caller, command -> command.setCompact(request));
          return request.getPhysical()
              ? compacted.thenCompose(response -> swept(call).thenApply(_ -> response))
              : compacted;
        });
  }

  /** Done when the space is reclaimed, here; also where the state is replaced meanwhile. */
  private CompletableFuture<Void> swept(Context call) {
    CompletableFuture<Void> swept = answers.state().store().swept();
    return swept.isDone() || call.isCancelled()
        ? swept
        : swept
            .completeOnTimeout(null, STATE_SECONDS, TimeUnit.SECONDS)
            .thenCompose(_ -> swept(call));
  }

  private CompletableFuture<Message> propose(
      java.util.function.Consumer<io.cadastre.contracts.kv.command.Command.Builder> request) {
    return answers.propose(answers.caller(), request);
  }

  private void requireSize(Message request) {
    if (request.getSerializedSize() > mostRequestBytes) {
      throw EtcdError.REQUEST_TOO_LARGE.exception();
    }
  }

  /** The answer to a range as the only piece of a stream. */
  private record InOnePiece(StreamObserver<RangeStreamResponse> out)
      implements StreamObserver<RangeResponse> {

    @Override
    public void onNext(RangeResponse whole) {
      out.onNext(RangeStreamResponse.newBuilder().setRangeResponse(whole).build());
    }

    @Override
    public void onError(Throwable failure) {
      out.onError(failure);
    }

    @Override
    public void onCompleted() {
      out.onCompleted();
    }
  }
}
