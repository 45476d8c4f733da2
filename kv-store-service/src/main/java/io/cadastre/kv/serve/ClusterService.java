package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.ClusterGrpc;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.MemberListRequest;
import io.cadastre.contracts.kv.MemberListResponse;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;

/** Who belongs to the cluster: this member. */
final class ClusterService extends ClusterGrpc.ClusterImplBase {

  private final Answers answers;

  ClusterService(Answers answers) {
    this.answers = answers;
  }

  @Override
  public void memberList(MemberListRequest request, StreamObserver<MemberListResponse> out) {
    Self self = answers.self();
    MemberListResponse response =
        MemberListResponse.newBuilder()
            .addMembers(
                Member.newBuilder()
                    .setID(self.memberId())
                    .setName(self.name())
                    .addAllClientURLs(self.clientUrls())
                    .addAllPeerURLs(self.peerUrls()))
            .build();
    answers.answer(out, () -> CompletableFuture.completedFuture(response));
  }
}
