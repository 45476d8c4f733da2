package io.cadastre.kv.serve;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.cadastre.contracts.kv.PutResponse;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.auth.Callers;
import io.cadastre.kv.engine.EngineException;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.raft.Proposals;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import io.cadastre.kv.state.StateMachine;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** How calls are answered: what every service does alike. */
final class Answers {

  private final Self self;
  private final Supplier<StateMachine> state;
  private final Proposals proposals;
  private final Threads threads;

  Answers(Self self, Supplier<StateMachine> state, Proposals proposals, Threads threads) {
    this.self = self;
    this.state = state;
    this.proposals = proposals;
    this.threads = threads;
  }

  Self self() {
    return self;
  }

  /** The state in use; ask again for each call, since a snapshot may replace it. */
  StateMachine state() {
    return state.get();
  }

  Proposals proposals() {
    return proposals;
  }

  Threads threads() {
    return threads;
  }

  Caller caller() {
    return Callers.current(state().auth());
  }

  /** Refuses who is nobody while users are required. */
  Caller somebody() {
    Caller caller = caller();
    state().auth().state().requireSomebody(caller);
    return caller;
  }

  /** Refuses who does not have the root role while users are required. */
  Caller admin() {
    Caller caller = caller();
    state().auth().state().requireAdmin(caller);
    return caller;
  }

  ResponseHeader header() {
    return self.header(state().store().revision());
  }

  /** Proposes what the caller asks for and answers with what came of it. */
  <R extends Message> void propose(StreamObserver<R> out, Consumer<Command.Builder> request) {
    answer(out, () -> propose(caller(), request));
  }

  CompletableFuture<Message> propose(Caller caller, Consumer<Command.Builder> request) {
    Command.Builder command =
        Command.newBuilder().setUser(caller.user()).setAuthRevision(caller.authRevision());
    request.accept(command);
    return proposals.propose(command);
  }

  /** Answers when the response is there. */
  <R extends Message> void answer(
      StreamObserver<R> out, Supplier<CompletableFuture<? extends Message>> response) {
    try {
      CompletableFuture<? extends Message> coming = response.get();
      CompletableFuture<?> _ =
          coming.whenComplete((found, failure) -> {
            if (failure == null) {
              send(out, found);
            } else {
              out.onError(error(failure));
            }
          });
    } catch (EtcdException refusal) {
      out.onError(error(refusal));
    }
  }

  /** Answers where it may be waited. */
  <R extends Message> void answerWaiting(StreamObserver<R> out, Supplier<R> response) {
    answerOn(threads.waiting(), out, response);
  }

  /** Answers what it takes long to find out. */
  <R extends Message> void answerWorking(StreamObserver<R> out, Supplier<R> response) {
    answerOn(threads.working(), out, response);
  }

  private <R extends Message> void answerOn(
      Executor elsewhere, StreamObserver<R> out, Supplier<R> response) {
    // Who calls is known in the context of the call only.
    Executor inContext = Context.currentContextExecutor(elsewhere);
    answer(out, () -> CompletableFuture.supplyAsync(response, inContext));
  }

  @SuppressWarnings("unchecked") // The log answers a request with its own kind of response.
  private <R extends Message> void send(StreamObserver<R> out, Message found) {
    out.onNext((R) withHeader(found));
    out.onCompleted();
  }

  /** Where applying said at which revision it was, that stays. */
  Message withHeader(Message response) {
    // By far the most are these two, and it is cheaper than by the names of fields.
    if (response instanceof PutResponse put) {
      ResponseHeader header = self.header(put.getHeader().getRevision());
      return put.toBuilder().setHeader(header).build();
    }
    if (response instanceof RangeResponse range) {
      ResponseHeader header = self.header(range.getHeader().getRevision());
      return range.toBuilder().setHeader(header).build();
    }
    FieldDescriptor field = response.getDescriptorForType().findFieldByName("header");
    ResponseHeader given = (ResponseHeader) response.getField(field);
    long revision = given.getRevision() == 0 ? state().store().revision() : given.getRevision();
    return response.toBuilder().setField(field, self.header(revision)).build();
  }

  static StatusRuntimeException error(Throwable failure) {
    Throwable cause =
        failure instanceof CompletionException && failure.getCause() != null
            ? failure.getCause()
            : failure;
    return switch (cause) {
      case EtcdException refusal -> refusal.error().status().asRuntimeException();
      case StatusRuntimeException status -> status;
      case StorageEngine.ClosedException _ -> EtcdError.STOPPED.status().asRuntimeException();
      // What cannot be read is never answered with something else.
      case EngineException damage ->
          Status.DATA_LOSS
              .withDescription("this member's store: " + damage.getMessage())
              .withCause(damage)
              .asRuntimeException();
      default ->
          Status.INTERNAL.withDescription(cause.toString()).withCause(cause).asRuntimeException();
    };
  }
}
