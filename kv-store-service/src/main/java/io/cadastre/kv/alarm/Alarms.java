package io.cadastre.kv.alarm;

import com.google.protobuf.InvalidProtocolBufferException;
import io.cadastre.contracts.kv.AlarmMember;
import io.cadastre.contracts.kv.AlarmRequest;
import io.cadastre.contracts.kv.AlarmResponse;
import io.cadastre.contracts.kv.AlarmType;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.request.EtcdError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The alarms that are on. Changed by the thread that applies, the same on every member; a member
 * that raises one stops all, until somebody takes it back.
 */
public final class Alarms {

  private volatile List<AlarmMember> active = List.of();

  /** Takes up what an engine holds. */
  public void restore(StorageEngine engine) {
    List<AlarmMember> found = new ArrayList<>();
    engine.scan(
        Bucket.ALARM,
        new byte[0],
        null,
        (key, _) -> {
          found.add(parse(key));
          return true;
        });
    active = List.copyOf(found);
  }

  private static AlarmMember parse(byte[] key) {
    try {
      return AlarmMember.parseFrom(key);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("not a stored alarm", e);
    }
  }

  /** All that are on. */
  public List<AlarmMember> active() {
    return active;
  }

  /** Raises, takes back or lists. Of no kind in particular lists all. */
  public AlarmResponse apply(MvccStore store, AlarmRequest request) {
    AlarmMember alarm =
        AlarmMember.newBuilder()
            .setMemberID(request.getMemberID())
            .setAlarm(request.getAlarm())
            .build();
    AlarmResponse.Builder response = AlarmResponse.newBuilder();
    return switch (request.getAction()) {
      case GET -> response.addAllAlarms(ofKind(request.getAlarm())).build();
      case ACTIVATE -> {
        if (request.getAlarm() != AlarmType.NONE) {
          response.addAlarms(alarm);
          if (!active.contains(alarm)) {
            store.alongside(all -> all.put(Bucket.ALARM, alarm.toByteArray(), new byte[0]));
            active = Stream.concat(active.stream(), Stream.of(alarm)).toList();
          }
        }
        yield response.build();
      }
      case DEACTIVATE -> {
        if (active.contains(alarm)) {
          response.addAlarms(alarm);
          store.alongside(all -> all.delete(Bucket.ALARM, alarm.toByteArray()));
          active = active.stream().filter(each -> !each.equals(alarm)).toList();
        }
        yield response.build();
      }
      case UNRECOGNIZED -> response.build();
    };
  }

  private List<AlarmMember> ofKind(AlarmType kind) {
    return active.stream()
        .filter(each -> kind == AlarmType.NONE || each.getAlarm() == kind)
        .toList();
  }

  public boolean isOn(AlarmType kind) {
    return active.stream().anyMatch(each -> each.getAlarm() == kind);
  }

  /** Refuses every change while some member's data deviate. */
  public void requireIntact() {
    if (isOn(AlarmType.CORRUPT)) {
      throw EtcdError.CORRUPT.exception();
    }
  }

  /** Refuses what takes space while some member has none. */
  public void requireSpace() {
    requireIntact();
    if (isOn(AlarmType.NOSPACE)) {
      throw EtcdError.NO_SPACE.exception();
    }
  }

  /** As {@link #requireSpace}, for a transaction that could put; one that reads needs nothing. */
  public void requireSpace(TxnRequest request) {
    if (couldPut(request)) {
      requireSpace();
    } else if (could(request, RequestOp::hasRequestDeleteRange)) {
      requireIntact();
    }
  }

  /** Whether one of the branches puts. */
  public static boolean couldPut(TxnRequest request) {
    return could(request, RequestOp::hasRequestPut);
  }

  private static boolean could(TxnRequest request, Predicate<RequestOp> change) {
    return Stream.concat(request.getSuccessList().stream(), request.getFailureList().stream())
        .anyMatch(operation ->
            change.test(operation)
                || (operation.hasRequestTxn() && could(operation.getRequestTxn(), change)));
  }
}
