package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.ErrorResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.GetFileResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.InstallSnapshotResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.PingRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.ReadIndexResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.RequestVoteResponse;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.TimeoutNowResponse;
import com.google.protobuf.Message;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The messages of Raft that members exchange. JRaft's administrative ones are not among them: they
 * would let anybody who reaches the port change the cluster. The numbers are on the wire.
 */
enum MessageType {
  PING(1, PingRequest.getDefaultInstance()),
  ERROR(2, ErrorResponse.getDefaultInstance()),
  APPEND_ENTRIES(3, AppendEntriesRequest.getDefaultInstance()),
  ENTRIES_APPENDED(4, AppendEntriesResponse.getDefaultInstance()),
  REQUEST_VOTE(5, RequestVoteRequest.getDefaultInstance()),
  VOTE(6, RequestVoteResponse.getDefaultInstance()),
  INSTALL_SNAPSHOT(7, InstallSnapshotRequest.getDefaultInstance()),
  SNAPSHOT_INSTALLED(8, InstallSnapshotResponse.getDefaultInstance()),
  TIMEOUT_NOW(9, TimeoutNowRequest.getDefaultInstance()),
  TIMED_OUT(10, TimeoutNowResponse.getDefaultInstance()),
  READ_INDEX(11, ReadIndexRequest.getDefaultInstance()),
  INDEX(12, ReadIndexResponse.getDefaultInstance()),
  GET_FILE(13, GetFileRequest.getDefaultInstance()),
  FILE(14, GetFileResponse.getDefaultInstance());

  private static final Map<Class<?>, MessageType> BY_CLASS = new HashMap<>();
  private static final Map<Integer, MessageType> BY_NUMBER = new HashMap<>();

  static {
    for (MessageType type : values()) {
      BY_CLASS.put(type.empty.getClass(), type);
      BY_NUMBER.put(type.number, type);
    }
  }

  private final int number;
  private final Message empty;

  MessageType(int number, Message empty) {
    this.number = number;
    this.empty = empty;
  }

  int number() {
    return number;
  }

  Message empty() {
    return empty;
  }

  static MessageType of(Object message) {
    MessageType type = BY_CLASS.get(message.getClass());
    if (type == null) {
      throw new IllegalArgumentException(
          "message: " + message.getClass().getName() + " (allowed: those of Raft itself)");
    }
    return type;
  }

  static @Nullable MessageType numbered(int number) {
    return BY_NUMBER.get(number);
  }

  static boolean isKnown(String className) {
    return BY_CLASS.keySet().stream().anyMatch(known -> known.getName().equals(className));
  }
}
