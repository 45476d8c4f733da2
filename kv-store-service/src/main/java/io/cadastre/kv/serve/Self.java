package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.ResponseHeader;
import java.util.List;

/**
 * What this member is called.
 *
 * @param term of the leader
 */
public record Self(
    long clusterId,
    long memberId,
    long term,
    String name,
    List<String> clientUrls,
    List<String> peerUrls) {

  public Self {
    clientUrls = List.copyOf(clientUrls);
    peerUrls = List.copyOf(peerUrls);
  }

  ResponseHeader header(long revision) {
    return ResponseHeader.newBuilder()
        .setClusterId(clusterId)
        .setMemberId(memberId)
        .setRaftTerm(term)
        .setRevision(revision)
        .build();
  }
}
