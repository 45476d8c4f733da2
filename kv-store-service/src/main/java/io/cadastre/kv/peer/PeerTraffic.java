package io.cadastre.kv.peer;

import io.cadastre.kv.metrics.Histogram;
import java.util.concurrent.atomic.LongAdder;

/** What went to and fro between this member and another. */
public final class PeerTraffic {

  private final LongAdder sentBytes = new LongAdder();
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final Histogram roundTrips = Histogram.ofRoundTrips();
  private volatile boolean connected;

  void connected(boolean stands) {
    connected = stands;
  }

  void sent(int bytes) {
    sentBytes.add(bytes);
  }

  void failed() {
    failures.increment();
  }

  void answered(int bytes, long roundTripNanos) {
    receivedBytes.add(bytes);
    roundTrips.add(roundTripNanos);
  }

  /** Whether there is a connection to it. */
  public boolean isConnected() {
    return connected;
  }

  /** Of messages to it. */
  public long sentBytes() {
    return sentBytes.sum();
  }

  /** Of its answers. */
  public long receivedBytes() {
    return receivedBytes.sum();
  }

  /** From a message to its answer. */
  public Histogram roundTrips() {
    return roundTrips;
  }

  /** Messages that it did not answer. */
  public long failures() {
    return failures.sum();
  }
}
