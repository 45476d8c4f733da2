package io.cadastre.kv.history;

import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.LeaseGrantRequest;
import io.cadastre.contracts.kv.LeaseGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Leases that are granted all the time; some are kept alive for a while and some are not. */
final class Leasing implements Beside {

  private static final String PREFIX = "l/";
  private static final long TTL_SECONDS = 2;
  private static final long ASKED_MILLIS = 1_500;
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
  private static final long MOST_WAITED_NANOS = TimeUnit.SECONDS.toNanos(90);
  private static final int MOST_KEPT = 8;

  private static final class Held {
    final long id;
    final List<LeaseRules.Kept> kept = new ArrayList<>();
    int left;

    Held(long id, int times) {
      this.id = id;
      this.left = times;
    }

    List<String> keys() {
      return List.of(PREFIX + id + "/a", PREFIX + id + "/b");
    }
  }

  private final Members members;
  private final LongSupplier nanos;
  private final Random random;
  private final List<Held> all = new ArrayList<>();
  private final Map<Long, List<LeaseRules.Gone>> gone = new HashMap<>();
  private final Queue<String> refused = new ConcurrentLinkedQueue<>();
  private int renewals;

  Leasing(Members members, LongSupplier nanos, long seed) {
    this.members = members;
    this.nanos = nanos;
    this.random = new Random(seed);
  }

  @Override
  public void run(BooleanSupplier over) throws Exception {
    try (HistoryWatcher watcher =
        new HistoryWatcher(PREFIX, 1, members::channels, random.nextInt(8), this::hear)) {
      List<Held> kept = new ArrayList<>();
      while (!over.getAsBoolean()) {
        long next = nanos.getAsLong() + EVERY_NANOS;
        if (kept.size() < MOST_KEPT) {
          grant().ifPresent(kept::add);
        }
        for (Held held : List.copyOf(kept)) {
          if (held.left == 0 || !keepAlive(held)) {
            boolean _ = kept.remove(held);
          }
        }
        LockSupport.parkNanos(next - nanos.getAsLong());
      }
      awaitEnds(watcher);
    }
  }

  private synchronized void hear(Change change) {
    if (change.value() == null) {
      long id = Long.parseLong(change.key().split("/", -1)[1]);
      gone.computeIfAbsent(id, _ -> new ArrayList<>())
          .add(new LeaseRules.Gone(nanos.getAsLong(), change.key(), change.revision()));
    }
  }

  private ManagedChannel any() {
    List<ManagedChannel> channels = members.channels();
    return channels.get(random.nextInt(channels.size()));
  }

  /** Only with both keys: what is half known is not looked at. */
  private Optional<Held> grant() {
    Held held = new Held(random.nextLong(1, Long.MAX_VALUE), random.nextInt(20));
    long asked = nanos.getAsLong();
    ManagedChannel channel = any();
    TxnRequest.Builder puts = TxnRequest.newBuilder();
    for (String key : held.keys()) {
      puts.addSuccess(
          RequestOp.newBuilder()
              .setRequestPut(PutRequest.newBuilder().setKey(Wire.bytes(key)).setLease(held.id)));
    }
    try {
      var granted =
          LeaseGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ASKED_MILLIS, TimeUnit.MILLISECONDS)
              .leaseGrant(
                  LeaseGrantRequest.newBuilder().setID(held.id).setTTL(TTL_SECONDS).build());
      if (granted.getTTL() < TTL_SECONDS) {
        refused.add("granted for less than asked: " + granted);
      }
      held.kept.add(new LeaseRules.Kept(asked, nanos.getAsLong()));
      var _ =
          KVGrpc.newBlockingStub(channel)
              .withDeadlineAfter(ASKED_MILLIS, TimeUnit.MILLISECONDS)
              .txn(puts.build());
      synchronized (this) {
        all.add(held);
      }
      return Optional.of(held);
    } catch (StatusRuntimeException _) {
      return Optional.empty();
    }
  }

  /** Says whether it lives, as far as is known. */
  private boolean keepAlive(Held held) {
    long asked = nanos.getAsLong();
    Long ttl = askToKeep(any(), held.id);
    if (ttl == null) {
      return true;
    }
    if (ttl > 0) {
      synchronized (this) {
        held.kept.add(new LeaseRules.Kept(asked, nanos.getAsLong()));
        renewals++;
      }
      held.left--;
    } else if (nanos.getAsLong() - held.kept.getLast().asked()
        < TimeUnit.SECONDS.toNanos(TTL_SECONDS)) {
      refused.add("lease " + held.id + " was lost: it was kept alive just before, " + held.kept);
    }
    return ttl > 0;
  }

  /** Its time to live, 0 = there is none; null = nobody knows just now. */
  static @Nullable Long askToKeep(ManagedChannel channel, long id) {
    return KeepAlive.ask(channel, LongStream.of(id), Duration.ofMillis(ASKED_MILLIS))
        .handle((ttls, _) -> ttls == null || ttls.isEmpty() ? null : ttls.getFirst())
        .join();
  }

  private void awaitEnds(HistoryWatcher watcher) {
    long until = nanos.getAsLong() + MOST_WAITED_NANOS;
    while (!unheardOf().isEmpty() && nanos.getAsLong() < until) {
      LockSupport.parkNanos(EVERY_NANOS);
      // What was compacted before the watch got there is not heard of.
      if (!watcher.gaps().isEmpty() && unheardOf().stream().noneMatch(this::isThere)) {
        return;
      }
    }
    for (Held held : unheardOf()) {
      refused.add("lease " + held.id + " never ended: " + held.kept);
    }
  }

  private synchronized List<Held> unheardOf() {
    return all.stream().filter(held -> !gone.containsKey(held.id)).toList();
  }

  private boolean isThere(Held held) {
    String prefix = PREFIX + held.id + "/";
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(Wire.bytes(prefix))
            .setRangeEnd(Wire.behind(prefix))
            .build();
    return members.ask(channel ->
        KVGrpc.newBlockingStub(channel)
            .withDeadlineAfter(ASKED_MILLIS, TimeUnit.MILLISECONDS)
            .range(request)
            .getCount())
        > 0;
  }

  @Override
  public synchronized Optional<String> violation(Story story, List<Operation> history) {
    return all.stream()
        .map(held ->
            new LeaseRules(
                    held.id,
                    TimeUnit.SECONDS.toNanos(TTL_SECONDS),
                    held.kept,
                    gone.getOrDefault(held.id, List.of()))
                .violation(held.keys()))
        .flatMap(Optional::stream)
        .findFirst()
        .or(() -> refused.stream().findFirst());
  }

  @Override
  public synchronized String summary() {
    return all.size() + " leases, kept alive " + renewals + " times";
  }
}
