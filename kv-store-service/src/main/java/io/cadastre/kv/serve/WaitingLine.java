package io.cadastre.kv.serve;

import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import io.cadastre.contracts.kv.Compare;
import io.cadastre.contracts.kv.Compare.CompareResult;
import io.cadastre.contracts.kv.Compare.CompareTarget;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.LeaseGrantRequest;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeRequest.SortOrder;
import io.cadastre.contracts.kv.RangeRequest.SortTarget;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.TxnResponse;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.contracts.kv.mvcc.Event.EventType;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.apply.RangeReader;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.watch.WatchHub;
import java.security.SecureRandom;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who comes first: everybody puts a key of its own under one name, and it is the turn of the one
 * whose key is oldest. A key hangs on a lease, so that nobody holds up the others for ever. Each
 * waits only for the one before it.
 */
final class WaitingLine {

  private static final long LEASE_SECONDS = 60;

  private final Answers answers;
  private final WatchHub hub;
  private final Caller caller;
  private final ByteString prefix;
  private final ByteString prefixEnd;

  WaitingLine(Answers answers, WatchHub hub, Caller caller, ByteString name) {
    this.answers = answers;
    this.hub = hub;
    this.caller = caller;
    this.prefix = name.concat(ByteString.copyFromUtf8("/"));
    // The character after the slash.
    this.prefixEnd = name.concat(ByteString.copyFromUtf8("0"));
  }

  /**
   * A place in the line.
   *
   * @param revision at which the key came into being
   */
  record Place(ByteString key, long revision, long lease, ByteString value) {}

  /** Takes a place, or finds the one that this lease has already. */
  Place enter(long givenLease, ByteString value) {
    long lease = givenLease == 0 ? grant() : givenLease;
    ByteString key = prefix.concat(ByteString.copyFromUtf8(Long.toHexString(lease)));
    RequestOp put =
        RequestOp.newBuilder()
            .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease))
            .build();
    RequestOp get =
        RequestOp.newBuilder().setRequestRange(RangeRequest.newBuilder().setKey(key)).build();
    TxnResponse response =
        (TxnResponse)
            propose(command ->
                command.setTxn(
                    TxnRequest.newBuilder()
                        .addCompare(createdAt(key, 0))
                        .addSuccess(put)
                        .addFailure(get)));
    if (response.getSucceeded()) {
      return new Place(key, response.getHeader().getRevision(), lease, value);
    }
    KeyValue mine = response.getResponses(0).getResponseRange().getKvs(0);
    return new Place(key, mine.getCreateRevision(), lease, mine.getValue());
  }

  private long grant() {
    long id = new SecureRandom().nextLong(1, Long.MAX_VALUE);
    Message _ =
        propose(command ->
            command.setLeaseGrant(LeaseGrantRequest.newBuilder().setID(id).setTTL(LEASE_SECONDS)));
    return id;
  }

  private static Compare createdAt(ByteString key, long revision) {
    return Compare.newBuilder()
        .setKey(key)
        .setTarget(CompareTarget.CREATE)
        .setResult(CompareResult.EQUAL)
        .setCreateRevision(revision)
        .build();
  }

  /** Waits until nobody is before a place. Who gives up leaves the line. */
  void awaitTurn(Place place) {
    try {
      RangeResponse before = before(place);
      while (before.getKvsCount() > 0) {
        awaitDelete(before.getKvs(0).getKey(), before.getHeader().getRevision() + 1);
        before = before(place);
      }
    } catch (RuntimeException e) {
      boolean _ = leave(place.key, place.revision);
      throw e;
    }
  }

  private RangeResponse before(Place place) {
    return first(
        RangeRequest.newBuilder()
            .setMaxCreateRevision(place.revision - 1)
            .setSortOrder(SortOrder.DESCEND));
  }

  /** Whose turn it is; without a key nobody's. */
  RangeResponse holder() {
    return first(RangeRequest.newBuilder().setSortOrder(SortOrder.ASCEND));
  }

  private RangeResponse first(RangeRequest.Builder order) {
    answers.state().auth().state().requireRead(caller, prefix, prefixEnd);
    Void _ = answers.proposals().caughtUp().join();
    RangeRequest request =
        order
            .setKey(prefix)
            .setRangeEnd(prefixEnd)
            .setSortTarget(SortTarget.CREATE)
            .setLimit(1)
            .build();
    return RangeReader.read(answers.state().store(), request);
  }

  @Nullable KeyValue get(ByteString key) {
    RangeRequest request = RangeRequest.newBuilder().setKey(key).build();
    RangeResponse found = RangeReader.read(answers.state().store(), request);
    return found.getKvsCount() == 0 ? null : found.getKvs(0);
  }

  private void awaitDelete(ByteString key, long from) {
    try (FollowedKeys followed = new FollowedKeys(hub, key, ByteString.EMPTY, from)) {
      while (followed.next().getType() != EventType.DELETE) {
        // Another value of the same holder.
      }
    }
  }

  /** What happens in the line from a revision on. */
  FollowedKeys follow(long from) {
    return new FollowedKeys(hub, prefix, prefixEnd, from);
  }

  FollowedKeys follow(ByteString key, long from) {
    return new FollowedKeys(hub, key, ByteString.EMPTY, from);
  }

  /** Gives another value to a place; says whether it was still there. */
  @Nullable ResponseHeader rename(ByteString key, long revision, long lease, ByteString value) {
    return change(
        key,
        revision,
        RequestOp.newBuilder()
            .setRequestPut(PutRequest.newBuilder().setKey(key).setValue(value).setLease(lease))
            .build());
  }

  /** Gives up a place; says whether it was still there. */
  boolean leave(ByteString key, long revision) {
    return change(
            key,
            revision,
            RequestOp.newBuilder()
                .setRequestDeleteRange(DeleteRangeRequest.newBuilder().setKey(key))
                .build())
        != null;
  }

  private @Nullable ResponseHeader change(ByteString key, long revision, RequestOp operation) {
    TxnResponse response =
        (TxnResponse)
            propose(command ->
                command.setTxn(
                    TxnRequest.newBuilder()
                        .addCompare(createdAt(key, revision))
                        .addSuccess(operation)));
    return response.getSucceeded() ? response.getHeader() : null;
  }

  Message propose(Consumer<Command.Builder> request) {
    try {
      return answers.propose(caller, request).join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw e;
    }
  }
}
