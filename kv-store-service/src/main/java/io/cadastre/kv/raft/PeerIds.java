package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.conf.Configuration;
import com.alipay.sofa.jraft.entity.PeerId;
import com.alipay.sofa.jraft.util.Endpoint;
import io.cadastre.kv.cluster.ClusterIds;
import java.util.Collection;

/**
 * What JRaft calls members. It wants an address; ours may change, so it gets the id of the member
 * in place of a host, and the transport finds out where that is.
 */
public final class PeerIds {

  private static final int NO_PORT = 1;

  private PeerIds() {}

  static PeerId of(long member) {
    return new PeerId(ClusterIds.text(member), NO_PORT);
  }

  static long member(PeerId peer) {
    return member(peer.getEndpoint());
  }

  /** The member behind what JRaft takes for its address. */
  public static long member(Endpoint endpoint) {
    return Long.parseUnsignedLong(endpoint.getIp(), 16);
  }

  static Configuration configuration(Collection<Long> voters) {
    Configuration configuration = new Configuration();
    voters.forEach(id -> configuration.addPeer(of(id)));
    return configuration;
  }
}
