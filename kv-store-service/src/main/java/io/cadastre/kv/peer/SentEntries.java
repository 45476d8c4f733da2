package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;

/** How far a leader sent its log on a stream, and how far it told that the log is agreed on. */
final class SentEntries {

  /** With nothing but who sends it to whom. */
  private AppendEntriesRequest header = AppendEntriesRequest.getDefaultInstance();

  private long term;
  private long lastIndex;
  private long told;
  private long committed;

  void sent(AppendEntriesRequest request) {
    if (request.getTerm() != term) {
      begin(request);
    }
    long last = request.getPrevLogIndex() + request.getEntriesCount();
    told = Math.max(told, Math.min(request.getCommittedIndex(), last));
    boolean heartbeat = request.getEntriesCount() == 0 && !request.hasData();
    if (!heartbeat) {
      lastIndex = last;
    }
  }

  private void begin(AppendEntriesRequest request) {
    header =
        AppendEntriesRequest.newBuilder()
            .setGroupId(request.getGroupId())
            .setServerId(request.getServerId())
            .setPeerId(request.getPeerId())
            .setTerm(request.getTerm())
            .setPrevLogIndex(0)
            .setPrevLogTerm(0)
            .setCommittedIndex(0)
            .build();
    term = request.getTerm();
    lastIndex = 0;
    told = 0;
    committed = 0;
  }

  /** The log is agreed on up to an entry, which is of the term. */
  void committed(long ofTerm, long index) {
    if (ofTerm == term) {
      committed = Math.max(committed, index);
    }
  }

  /** Whether the other side has what was agreed on since, but was not told. */
  boolean areToBeTold() {
    return committed > told && committed <= lastIndex;
  }

  /** A heartbeat that tells. */
  AppendEntriesRequest tell() {
    told = committed;
    return header.toBuilder()
        .setPrevLogIndex(committed)
        .setPrevLogTerm(term)
        .setCommittedIndex(committed)
        .build();
  }
}
