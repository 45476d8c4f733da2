package io.cadastre.kv.peer;

import com.alipay.sofa.jraft.option.NodeOptions;

/**
 * Options of a node which say, too, how it reaches the others. JRaft has one factory of clients per
 * process and hands these options to what it makes; members that share a process do not share
 * connections or certificates.
 */
public final class PeerOptions extends NodeOptions {

  private final PeerChannels channels;

  /** For a node of the member that has these channels. */
  public PeerOptions(PeerChannels channels) {
    this.channels = channels;
  }

  PeerChannels channels() {
    return channels;
  }
}
