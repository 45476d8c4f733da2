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
      case Step.Write write -> operation.setRequestPut(put(write)).build();
      case Step.Delete delete -> operation.setRequestDeleteRange(delete(delete)).build();
    };
  }

  Answer answer(RangeResponse response) {
    return new Answer(true, List.of(value(response)), response.getHeader().getRevision());
  }

  Answer answer(Step.Write write, PutResponse response) {
    return new Answer(
        true,
        write.tellsPrevious() ? List.of(value(response)) : List.of(),
        response.getHeader().getRevision());
  }

  Answer answer(DeleteRangeResponse response) {
    return new Answer(true, List.of(value(response)), response.getHeader().getRevision());
  }

  Answer answer(Request request, TxnResponse response) {
    List<Step> steps = response.getSucceeded() ? request.then() : request.otherwise();
    List<Optional<String>> told = new ArrayList<>();
    for (int i = 0; i < steps.size(); i++) {
      ResponseOp each = response.getResponses(i);
      switch (steps.get(i)) {
        case Step.Read _ -> told.add(value(each.getResponseRange()));
        case Step.Write write -> {
          if (write.tellsPrevious()) {
            told.add(value(each.getResponsePut()));
          }
        }
        case Step.Delete _ -> told.add(value(each.getResponseDeleteRange()));
      }
    }
    return new Answer(response.getSucceeded(), told, response.getHeader().getRevision());
  }

  private Optional<String> value(RangeResponse response) {
    return response.getKvsList().stream().findFirst().map(this::value);
  }

  private Optional<String> value(PutResponse response) {
    return response.hasPrevKv() ? Optional.of(value(response.getPrevKv())) : Optional.empty();
  }

  private Optional<String> value(DeleteRangeResponse response) {
    return response.getPrevKvsList().stream().findFirst().map(this::value);
  }

  private String value(KeyValue kv) {
    String value = kv.getValue().toStringUtf8();
    revisions.put(value, kv.getModRevision());
    return value;
  }

  static ByteString bytes(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
