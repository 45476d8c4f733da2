package io.cadastre.kv.history;

import io.grpc.ManagedChannel;
import java.nio.file.Path;

/**
 * A member of a cluster and how it is reached.
 *
 * @param data its directory
 * @param peerPort where it listens for its peers
 * @param proxy where its peers reach it
 * @param process the member itself
 * @param channel for its clients
 */
record Place(
    int number,
    Path data,
    int peerPort,
    PeerProxy proxy,
    MemberProcess process,
    ManagedChannel channel) {

  String name() {
    return "m" + number;
  }

  String peerUrl() {
    return "http://127.0.0.1:" + proxy.port();
  }

  @Override
  public String toString() {
    return name();
  }
}
