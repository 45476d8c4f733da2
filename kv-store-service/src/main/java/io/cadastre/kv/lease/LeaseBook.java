package io.cadastre.kv.lease;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.cadastre.kv.apply.Leases;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.request.EtcdError;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All leases and the keys that hang on them.
 *
 * <p>Granting, revoking and hanging keys on them is done by the thread that applies, the same on
 * every member. When a lease expires is decided by the leader's clock alone: {@link #promote}, then
 * {@link #takeExpired}, which it turns into revocations in the log.
 */
public final class LeaseBook implements Leases {

  /** As etcd bounds it: about 285 years. */
  private static final long MOST_SECONDS = 9_000_000_000L;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private final LongSupplier nanos;
  private final Map<Long, Lease> leases = new HashMap<>();
  private final Map<ByteString, Long> leaseOfKey = new HashMap<>();

  /** One entry for each lease while this member leads. It may lie before the real deadline. */
  private final PriorityQueue<Deadline> deadlines = new PriorityQueue<>();

  /** Renewed since a leader wrote down what was left of them. */
  private final List<Long> renewed = new ArrayList<>();

  private boolean leader;

  public LeaseBook(LongSupplier nanos) {
    this.nanos = nanos;
  }

  /** Takes up the leases that an engine holds; the keys follow as the store is opened. */
  public synchronized void restore(StorageEngine engine) {
    leases.clear();
    leaseOfKey.clear();
    deadlines.clear();
    engine.scan(
        Bucket.LEASE,
        new byte[0],
        null,
        (_, value) -> {
          Lease lease = parse(value);
          leases.put(lease.id, lease);
          return true;
        });
  }

  private static Lease parse(byte[] value) {
    try {
      var stored = io.cadastre.contracts.kv.lease.Lease.parseFrom(value);
      return new Lease(stored.getID(), stored.getTTL(), stored.getRemainingTTL());
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("not a stored lease", e);
    }
  }

  @Override
  public synchronized boolean exists(long lease) {
    return leases.containsKey(lease);
  }

  @Override
  public synchronized void attach(ByteString key, long lease) {
    Long before = lease == 0 ? leaseOfKey.remove(key) : leaseOfKey.put(key, lease);
    if (before != null && before != lease) {
      Lease left = leases.get(before);
      if (left != null) {
        left.keys.remove(key);
      }
    }
    Lease joined = leases.get(lease);
    if (joined != null) {
      joined.keys.add(key);
    }
  }

  /** Grants a lease whose id and time to live are settled. Returns the time to live. */
  public synchronized long grant(MvccStore store, long id, long ttlSeconds) {
    if (id == 0) {
      throw EtcdError.LEASE_NOT_FOUND.exception();
    }
    if (ttlSeconds > MOST_SECONDS) {
      throw EtcdError.LEASE_TTL_TOO_LARGE.exception();
    }
    if (leases.containsKey(id)) {
      throw EtcdError.LEASE_EXISTS.exception();
    }
    Lease lease = new Lease(id, ttlSeconds, 0);
    leases.put(id, lease);
    store(store, lease);
    if (leader) {
      start(lease, 0);
    }
    return ttlSeconds;
  }

  /** Ends a lease and deletes its keys, in their order, in one revision. */
  public synchronized void revoke(MvccStore store, long id) {
    Lease lease = leases.get(id);
    if (lease == null) {
      throw EtcdError.LEASE_NOT_FOUND.exception();
    }
    int _ =
        store.write(txn -> {
          for (ByteString key : lease.keys) {
            txn.deleteRange(KeyRange.of(key, ByteString.EMPTY));
            leaseOfKey.remove(key);
          }
          return lease.keys.size();
        });
    leases.remove(id);
    store.alongside(changes -> changes.delete(Bucket.LEASE, encoded(id)));
    boolean _ = lease.ended.complete(0L);
  }

  /** Writes down what is left of a lease, for the leader after this one; 0 = all. */
  public synchronized void checkpoint(MvccStore store, long id, long leftSeconds) {
    Lease lease = leases.get(id);
    if (lease != null) {
      lease.checkpointSeconds = leftSeconds;
      store(store, lease);
    }
  }

  private static void store(MvccStore store, Lease lease) {
    byte[] value =
        io.cadastre.contracts.kv.lease.Lease.newBuilder()
            .setID(lease.id)
            .setTTL(lease.ttlSeconds)
            .setRemainingTTL(lease.checkpointSeconds)
            .build()
            .toByteArray();
    store.alongside(changes -> changes.put(Bucket.LEASE, encoded(lease.id), value));
  }

  private static byte[] encoded(long id) {
    return ByteBuffer.allocate(Long.BYTES).putLong(id).array();
  }

  /**
   * This member leads now: every lease lives as long again as was written down.
   *
   * @param extension more than that, since clients could keep nothing alive without a leader
   */
  public synchronized void promote(Duration extension) {
    leader = true;
    deadlines.clear();
    leases.values().forEach(lease -> start(lease, extension.toNanos()));
  }

  /** Another member leads: here no lease expires. */
  public synchronized void demote() {
    leader = false;
    deadlines.clear();
    renewed.clear();
    for (Lease lease : leases.values()) {
      lease.deadlineNanos = Lease.FOREVER;
      lease.ending = false;
      boolean _ = lease.ended.completeExceptionally(new NotLeaderException());
      lease.ended = new CompletableFuture<>();
    }
  }

  private void start(Lease lease, long extensionNanos) {
    lease.ending = false;
    lease.deadlineNanos =
        nanos.getAsLong() + lease.leftSeconds() * NANOS_PER_SECOND + extensionNanos;
    deadlines.add(new Deadline(lease.deadlineNanos, lease.id));
  }

  /**
   * Keeps a lease alive.
   *
   * @return its time to live; 0 = there is none, or it is just being revoked. Fails with {@link
   *     NotLeaderException} where another member leads.
   */
  public synchronized CompletableFuture<Long> renew(long id) {
    if (!leader) {
      return CompletableFuture.failedFuture(new NotLeaderException());
    }
    Lease lease = leases.get(id);
    if (lease == null) {
      return CompletableFuture.completedFuture(0L);
    }
    if (lease.ending || lease.deadlineNanos <= nanos.getAsLong()) {
      return lease.ended.copy();
    }
    lease.deadlineNanos = nanos.getAsLong() + lease.ttlSeconds * NANOS_PER_SECOND;
    if (lease.checkpointSeconds > 0) {
      renewed.add(id);
    }
    return CompletableFuture.completedFuture(lease.ttlSeconds);
  }

  /** Leases that nobody kept alive, at most so many; they are handed out once. */
  public synchronized List<Long> takeExpired(int most) {
    List<Long> expired = new ArrayList<>();
    long now = nanos.getAsLong();
    while (expired.size() < most && !deadlines.isEmpty() && deadlines.element().nanos() <= now) {
      Lease lease = leases.get(deadlines.remove().id());
      if (lease != null && lease.deadlineNanos > now) {
        deadlines.add(new Deadline(lease.deadlineNanos, lease.id));
      } else if (lease != null) {
        lease.ending = true;
        expired.add(lease.id);
      }
    }
    return expired;
  }

  /** Takes back leases that could not be revoked: they are handed out again. */
  public synchronized void giveBack(List<Long> expired) {
    for (long id : expired) {
      Lease lease = leases.get(id);
      if (leader && lease != null) {
        deadlines.add(new Deadline(lease.deadlineNanos, id));
      }
    }
  }

  /** What is left, in seconds, of the leases that live longer than a while; 0 = all of it. */
  public synchronized Map<Long, Long> checkpoints(Duration longerThan) {
    Map<Long, Long> left = takeRenewed();
    if (leader) {
      for (Lease lease : leases.values()) {
        if (lease.ttlSeconds > longerThan.toSeconds() && !lease.ending) {
          left.put(lease.id, secondsLeft(lease));
        }
      }
    }
    return left;
  }

  /** The leases whose checkpoint no longer holds, since they were renewed. */
  public synchronized Map<Long, Long> takeRenewed() {
    Map<Long, Long> left = new HashMap<>();
    renewed.forEach(id -> left.put(id, 0L));
    renewed.clear();
    return left;
  }

  private long secondsLeft(Lease lease) {
    return Math.max(0, (lease.deadlineNanos - nanos.getAsLong()) / NANOS_PER_SECOND);
  }

  /** A lease, on the leader; empty = there is none. */
  public synchronized Optional<LeaseView> find(long id) {
    if (!leader) {
      throw new NotLeaderException();
    }
    @Nullable Lease lease = leases.get(id);
    return lease == null
        ? Optional.empty()
        : Optional.of(
            new LeaseView(id, lease.ttlSeconds, secondsLeft(lease), List.copyOf(lease.keys)));
  }

  /** Keys that hang on a lease, on any member. */
  public synchronized List<ByteString> keys(long id) {
    Lease lease = leases.get(id);
    return lease == null ? List.of() : List.copyOf(lease.keys);
  }

  /** The leases that this member knows of. */
  public synchronized List<Long> ids() {
    return List.copyOf(leases.keySet());
  }

  private record Deadline(long nanos, long id) implements Comparable<Deadline> {

    @Override
    public int compareTo(Deadline other) {
      return Long.compare(nanos, other.nanos);
    }
  }
}
