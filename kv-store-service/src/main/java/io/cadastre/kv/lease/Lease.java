package io.cadastre.kv.lease;

import com.google.protobuf.ByteString;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** A lease as one member knows it. Guarded by its book. */
final class Lease {

  static final long FOREVER = Long.MAX_VALUE;

  final long id;
  final long ttlSeconds;
  final TreeSet<ByteString> keys = new TreeSet<>(ByteString.unsignedLexicographicalComparator());

  /** Done when it is revoked, and failed where this member no longer decides that. */
  CompletableFuture<Long> ended = new CompletableFuture<>();

  /** What was left when a leader last wrote it down; 0 = all. The same on every member. */
  long checkpointSeconds;

  /** This member's alone: only a leader lets leases expire. */
  long deadlineNanos = FOREVER;

  boolean ending;

  Lease(long id, long ttlSeconds, long checkpointSeconds) {
    this.id = id;
    this.ttlSeconds = ttlSeconds;
    this.checkpointSeconds = checkpointSeconds;
  }

  long leftSeconds() {
    return checkpointSeconds > 0 ? checkpointSeconds : ttlSeconds;
  }
}
