package io.cadastre.kv.history;

import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.KVGrpc.KVBlockingStub;
import io.grpc.ManagedChannel;
import io.grpc.Status.Code;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** A client that asks one thing after another and notes what it was told, and when. */
final class HistoryClient {

  private static final long PATIENCE_MILLIS = 2_000;

  private final int number;
  private final Supplier<List<ManagedChannel>> members;
  private final Wire wire;
  private final LongSupplier nanos;
  private int member;

  HistoryClient(int number, Supplier<List<ManagedChannel>> members, Wire wire, LongSupplier nanos) {
    this.number = number;
    this.members = members;
    this.wire = wire;
    this.nanos = nanos;
    this.member = number;
  }

  /** Asks for one thing; empty where nothing can be told of it, since it only read. */
  Optional<Operation> ask(Request request, boolean mayBeStale) {
    List<ManagedChannel> there = members.get();
    ManagedChannel channel = there.get(member % there.size());
    long invoked = nanos.getAsLong();
    try {
      Answer answer =
          call(
              // Waits for a member that is being started again, instead of failing at once.
              KVGrpc.newBlockingStub(channel)
                  .withWaitForReady()
                  .withDeadlineAfter(PATIENCE_MILLIS, TimeUnit.MILLISECONDS),
              request,
              mayBeStale);
      return Optional.of(
          new Operation(number, request, invoked, nanos.getAsLong(), answer, mayBeStale));
    } catch (StatusRuntimeException failure) {
      channel.resetConnectBackoff();
      member++;
      // No space: said to have done nothing; if it did, nobody asked for it.
      return request.mayWrite() && failure.getStatus().getCode() != Code.RESOURCE_EXHAUSTED
          ? Optional.of(Operation.unknown(number, request, invoked))
          : Optional.empty();
    }
  }

  private Answer call(KVBlockingStub stub, Request request, boolean mayBeStale) {
    return switch (request.single().orElse(null)) {
      case Step.Read read -> wire.answer(read, stub.range(wire.range(read, mayBeStale)));
      case Step.ReadAll read -> wire.answer(read, stub.range(wire.range(read, mayBeStale)));
      case Step.Write write -> wire.answer(write, stub.put(wire.put(write)));
      case Step.Delete delete -> wire.answer(delete, stub.deleteRange(wire.delete(delete)));
      case Step.DeleteAll delete -> wire.answer(delete, stub.deleteRange(wire.delete(delete)));
      case null -> wire.answer(request, stub.txn(wire.txn(request)));
    };
  }
}
