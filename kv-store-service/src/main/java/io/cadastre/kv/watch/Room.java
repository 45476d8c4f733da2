package io.cadastre.kv.watch;

import java.util.concurrent.atomic.AtomicLong;

/** How much may lie ready for clients that have not taken it yet. */
final class Room {

  private final WatchLimits limits;
  private final AtomicLong readyBytes = new AtomicLong();

  Room(WatchLimits limits) {
    this.limits = limits;
  }

  void added(long bytes) {
    readyBytes.addAndGet(bytes);
  }

  void taken(long bytes) {
    readyBytes.addAndGet(-bytes);
  }

  /** Whether a stream may have another response: one it always may. */
  boolean isIn(WatchStream stream) {
    long lying = stream.readyBytes();
    return lying == 0 || (lying < limits.streamBytes() && readyBytes.get() < limits.totalBytes());
  }

  /** Whether a stream that had no room has enough again for going on to be worth it. */
  boolean isEnough(long bytesLeft) {
    return bytesLeft == 0 || bytesLeft < limits.streamBytes() / 2;
  }
}
