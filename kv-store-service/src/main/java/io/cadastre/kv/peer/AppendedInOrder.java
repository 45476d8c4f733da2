package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.rpc.RaftServerService;
import com.alipay.sofa.jraft.rpc.RpcRequestClosure;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesResponse;
import com.alipay.sofa.jraft.rpc.impl.core.NodeRequestProcessor;
import com.google.protobuf.Message;
import org.jspecify.annotations.Nullable;

/**
 * Appends what the leader sends, on the stream's own thread. JRaft's processor hands every request
 * to a thread of its own and puts the answers in order again; a stream has its order already, and
 * the leader takes answers in any.
 */
final class AppendedInOrder extends NodeRequestProcessor<AppendEntriesRequest> {

  AppendedInOrder() {
    super(null, AppendEntriesResponse.getDefaultInstance());
  }

  @Override
  protected @Nullable Message processRequest0(
      RaftServerService node, AppendEntriesRequest request, RpcRequestClosure done) {
    Message answer = node.handleAppendEntriesRequest(request, done);
    boolean outdated =
        answer instanceof AppendEntriesResponse response && response.getTerm() > request.getTerm();
    if (!outdated && node instanceof Node self) {
      LeaderContact.of(self.getNodeId().toString()).heard();
    }
    return answer;
  }

  @Override
  protected String getPeerId(AppendEntriesRequest request) {
    return request.getPeerId();
  }

  @Override
  protected String getGroupId(AppendEntriesRequest request) {
    return request.getGroupId();
  }

  @Override
  public String interest() {
    return AppendEntriesRequest.class.getName();
  }
}
