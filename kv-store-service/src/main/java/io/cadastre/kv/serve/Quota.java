package io.cadastre.kv.serve;

import com.google.protobuf.Message;
import io.cadastre.contracts.kv.AlarmRequest;
import io.cadastre.contracts.kv.AlarmRequest.AlarmAction;
import io.cadastre.contracts.kv.AlarmType;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.request.EtcdError;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** Raises the alarm for want of space before the disk is full, and refuses what would fill it. */
final class Quota {

  /** What etcd reckons for a key beside its bytes. */
  private static final int KEY_OVERHEAD_BYTES = 256;

  /** The size is asked for again after so many bytes, since asking costs more than a put. */
  private static final long ASK_AFTER_BYTES = 1 << 18;

  private final Answers answers;
  private final long mostBytes;
  private long knownBytes;
  private long spentSince = ASK_AFTER_BYTES;

  Quota(Answers answers, long mostBytes) {
    this.answers = answers;
    this.mostBytes = mostBytes;
  }

  long mostBytes() {
    return mostBytes;
  }

  CompletableFuture<Message> spend(
      TxnRequest request, Supplier<CompletableFuture<Message>> otherwise) {
    long cost = Math.max(cost(request.getSuccessList()), cost(request.getFailureList()));
    return cost == 0 ? otherwise.get() : spend(cost, otherwise);
  }

  private static long cost(List<RequestOp> branch) {
    long sum = 0;
    for (RequestOp each : branch) {
      if (each.hasRequestPut()) {
        var put = each.getRequestPut();
        sum += KEY_OVERHEAD_BYTES + put.getKey().size() + put.getValue().size();
      } else if (each.hasRequestTxn()) {
        var txn = each.getRequestTxn();
        sum += Math.max(cost(txn.getSuccessList()), cost(txn.getFailureList()));
      }
    }
    return sum;
  }

  CompletableFuture<Message> spend(long bytes, Supplier<CompletableFuture<Message>> otherwise) {
    if (fits(bytes + KEY_OVERHEAD_BYTES)) {
      return otherwise.get();
    }
    AlarmRequest alarm =
        AlarmRequest.newBuilder()
            .setAction(AlarmAction.ACTIVATE)
            .setAlarm(AlarmType.NOSPACE)
            .setMemberID(answers.self().memberId())
            .build();
    return answers
        .propose(Caller.SERVER, command -> command.setAlarm(alarm))
        .thenApply(_ -> {
          throw EtcdError.NO_SPACE.exception();
        });
  }

  private synchronized boolean fits(long bytes) {
    spentSince += bytes;
    if (spentSince >= ASK_AFTER_BYTES || knownBytes + spentSince >= mostBytes) {
      knownBytes = answers.state().engine().sizeBytes();
      spentSince = bytes;
    }
    return knownBytes + spentSince < mostBytes;
  }
}
