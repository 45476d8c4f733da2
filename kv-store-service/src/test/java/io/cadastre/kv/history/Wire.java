package io.cadastre.kv.history;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.Compare;
import io.cadastre.contracts.kv.Compare.CompareResult;
import io.cadastre.contracts.kv.Compare.CompareTarget;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.DeleteRangeResponse;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.PutResponse;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.ResponseOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.cadastre.contracts.kv.TxnResponse;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** Requests and answers of a history as etcd's messages. */
final class Wire {

  /** A value is written once, so that its revision says as much as the value. */
  private final Map<String, Long> revisions = new ConcurrentHashMap<>();

  RangeRequest range(Step.Read read, boolean serializable) {
    return RangeRequest.newBuilder()
        .setKey(bytes(read.key()))
        .setSerializable(serializable)
        .build();
  }

  RangeRequest range(Step.ReadAll read, boolean serializable) {
    return RangeRequest.newBuilder()
        .setKey(bytes(read.group().prefix()))
        .setRangeEnd(behind(read.group().prefix()))
        .setSerializable(serializable)
        .build();
  }

  PutRequest put(Step.Write write) {
    return PutRequest.newBuilder()
        .setKey(bytes(write.key()))
        .setValue(bytes(write.value()))
        .setPrevKv(write.tellsPrevious())
        .build();
  }

  DeleteRangeRequest delete(Step.Delete delete) {
    return DeleteRangeRequest.newBuilder().setKey(bytes(delete.key())).setPrevKv(true).build();
  }

  DeleteRangeRequest delete(Step.DeleteAll delete) {
    return DeleteRangeRequest.newBuilder()
        .setKey(bytes(delete.group().prefix()))
        .setRangeEnd(behind(delete.group().prefix()))
        .setPrevKv(true)
        .build();
  }

  TxnRequest txn(Request request) {
    TxnRequest.Builder txn = TxnRequest.newBuilder();
    request.expected().forEach((key, value) -> txn.addCompare(compare(key, value)));
    request.then().forEach(step -> txn.addSuccess(operation(step)));
    request.otherwise().forEach(step -> txn.addFailure(operation(step)));
    return txn.build();
  }

  private Compare compare(String key, Optional<String> value) {
    Compare.Builder compare =
        Compare.newBuilder().setKey(bytes(key)).setResult(CompareResult.EQUAL);
    // As Kubernetes does it: by the revision, which is 0 where the key does not exist.
    Long revision = value.isEmpty() ? Long.valueOf(0) : revisions.get(value.get());
    return revision == null
        ? compare.setTarget(CompareTarget.VALUE).setValue(bytes(value.orElse(""))).build()
        : compare.setTarget(CompareTarget.MOD).setModRevision(revision).build();
  }

  private RequestOp operation(Step step) {
    RequestOp.Builder operation = RequestOp.newBuilder();
    return switch (step) {
      case Step.Read read -> operation.setRequestRange(range(read, false)).build();
      case Step.ReadAll read -> operation.setRequestRange(range(read, false)).build();
      case Step.Write write -> operation.setRequestPut(put(write)).build();
      case Step.Delete delete -> operation.setRequestDeleteRange(delete(delete)).build();
      case Step.DeleteAll delete -> operation.setRequestDeleteRange(delete(delete)).build();
    };
  }

  Answer answer(Step step, RangeResponse response) {
    return new Answer(true, told(step, response), response.getHeader().getRevision());
  }

  Answer answer(Step step, PutResponse response) {
    return new Answer(true, told(step, response), response.getHeader().getRevision());
  }

  Answer answer(Step step, DeleteRangeResponse response) {
    return new Answer(true, told(step, response), response.getHeader().getRevision());
  }

  Answer answer(Request request, TxnResponse response) {
    List<Step> steps = response.getSucceeded() ? request.then() : request.otherwise();
    List<Optional<String>> told = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      ResponseOp each = response.getResponses(i);
      Step step = steps.get(i);
      told.addAll(
          switch (step) {
            case Step.Read _, Step.ReadAll _ -> told(step, each.getResponseRange());
            case Step.Write _ -> told(step, each.getResponsePut());
            case Step.Delete _, Step.DeleteAll _ -> told(step, each.getResponseDeleteRange());
          });
    }
    return new Answer(response.getSucceeded(), told, response.getHeader().getRevision());
  }

  private List<Optional<String>> told(Step step, RangeResponse response) {
    require(response.getCount() == response.getKvsCount(), response);
    return values(step, response.getKvsList());
  }

  private List<Optional<String>> told(Step step, PutResponse response) {
    require(!response.hasPrevKv() || Operation.tells(step) > 0, response);
    return Operation.tells(step) == 0
        ? List.of()
        : values(step, response.hasPrevKv() ? List.of(response.getPrevKv()) : List.of());
  }

  private List<Optional<String>> told(Step step, DeleteRangeResponse response) {
    require(response.getDeleted() == response.getPrevKvsCount(), response);
    return values(step, response.getPrevKvsList());
  }

  /** One for each key that was asked for; and one for each that nobody ever wrote. */
  private List<Optional<String>> values(Step step, List<KeyValue> found) {
    Map<String, String> values = new TreeMap<>();
    String before = "";
    for (KeyValue kv : found) {
      String key = kv.getKey().toStringUtf8();
      require(key.compareTo(before) > 0, found);
      before = key;
      values.put(key, value(kv));
    }
    List<Optional<String>> told = new ArrayList<>();
    step.keys().forEach(key -> told.add(Optional.ofNullable(values.remove(key))));
    values.forEach((key, value) -> told.add(Optional.of(key + "=" + value)));
    return told;
  }

  private String value(KeyValue kv) {
    String value = kv.getValue().toStringUtf8();
    Long before = revisions.put(value, kv.getModRevision());
    // Else it was written twice.
    require(before == null || before == kv.getModRevision(), kv);
    require(kv.getVersion() >= 1 && kv.getCreateRevision() <= kv.getModRevision(), kv);
    require((kv.getVersion() == 1) == (kv.getCreateRevision() == kv.getModRevision()), kv);
    return value;
  }

  private static void require(boolean right, Object answer) {
    if (!right) {
      throw new IllegalStateException("no answer of a store: " + answer);
    }
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }

  /** The end of a range of all keys that begin so. */
  static ByteString behind(String prefix) {
    int last = prefix.length() - 1;
    return bytes(prefix.substring(0, last) + (char) (prefix.charAt(last) + 1));
  }
}
