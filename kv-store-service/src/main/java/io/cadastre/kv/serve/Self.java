package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.ResponseHeader;
import io.cadastre.kv.raft.Standing;
import java.util.function.Supplier;

/**
 * What this member is called.
 *
 * @param standing where it stands just now
 */
public record Self(long clusterId, long memberId, String name, Supplier<Standing> standing) {

  ResponseHeader header(long revision) {
    return ResponseHeader.newBuilder()
        .setClusterId(clusterId)
        .setMemberId(memberId)
        .setRaftTerm(standing.get().term())
        .setRevision(revision)
        .build();
  }
}
