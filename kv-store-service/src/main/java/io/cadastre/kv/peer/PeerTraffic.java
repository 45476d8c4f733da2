package io.cadastre.kv.peer;

import java.util.concurrent.atomic.LongAdder;

/** What went to and fro between this member and another. */
public final class PeerTraffic {

  private static final double[] SECONDS = seconds();

  private final LongAdder sentBytes = new LongAdder();
  private final LongAdder receivedBytes = new LongAdder();
  private final LongAdder failures = new LongAdder();
  private final LongAdder nanos = new LongAdder();
  private final LongAdder[] roundTrips = new LongAdder[SECONDS.length + 1];
  private volatile boolean connected;

  PeerTraffic() {
    for (int i = 0; i < roundTrips.length; i++) {
      roundTrips[i] = new LongAdder();
    }
  }

  private static double[] seconds() {
    double[] seconds = new double[15];
    double limit = 0.0001;
    for (int i = 0; i < seconds.length; i++) {
      seconds[i] = limit;
      limit *= 2;
    }
    return seconds;
  }

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
    nanos.add(roundTripNanos);
    int bucket = 0;
    while (bucket < SECONDS.length && roundTripNanos > SECONDS[bucket] * 1e9) {
      bucket++;
    }
    roundTrips[bucket].increment();
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

  /** Messages that it did not answer. */
  public long failures() {
    return failures.sum();
  }
}
