package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.LeaseGrantRequest;
import io.cadastre.contracts.kv.LeaseGrpc;
import io.cadastre.contracts.kv.LeaseKeepAliveRequest;
import io.cadastre.contracts.kv.LeaseKeepAliveResponse;
import io.cadastre.contracts.kv.LeaseLeasesRequest;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RequestOp;
import io.cadastre.contracts.kv.TxnRequest;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Very many leases that end at once, of a member whose heap is 192 MiB. */
final class ExpiringLeasesTest {

  /** In the build fewer: a busy machine would have to keep all alive while it makes them. */
  private static final int LEASES =
      Integer.getInteger(FaultsTest.LENGTH, 0) < 100 ? 30_000 : 100_000;

  private static final int KEYS_OF_ONE = 100;
  private static final long TTL_SECONDS = 20;
  private static final int GRANTS_UNDER_WAY = 2_000;
  private static final int PUTS_UNDER_WAY = 20;
  private static final long LONG_SECONDS = 180;
  private static final long KEPT_EVERY_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long WRITTEN_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
  private static final long LOOKED_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final String PREFIX = "of/";

  private record Write(long began, long ended) {}

  @TempDir private Path directory;
  private final Queue<Write> writes = new ConcurrentLinkedQueue<>();

  @Test
  void theirKeysAllGoAndOthersWriteOnMeanwhile() throws Exception {
    try (Members members = Members.start(directory, 1)) {
      ManagedChannel channel = members.channels().getFirst();
      grantAll(channel);
      assertThat(keepAlive(channel)).as("leases that live").isEqualTo(LEASES);
      assertThat(count(channel)).isEqualTo(LEASES);
      AtomicBoolean over = new AtomicBoolean();
      Thread others = Thread.ofVirtual().start(() -> write(channel, over));
      awaitFewerThan(channel, LEASES);
      long first = System.nanoTime();
      awaitFewerThan(channel, 1);
      long last = System.nanoTime();
      over.set(true);
      others.join();
      List<Write> meanwhile =
          writes.stream().filter(each -> each.ended > first && each.began < last).toList();
      assertThat(meanwhile).hasSizeGreaterThan(5);
      assertThat(
              LeaseGrpc.newBlockingStub(channel)
                  .leaseLeases(LeaseLeasesRequest.getDefaultInstance())
                  .getLeasesCount())
          .isZero();
    }
  }

  /** Those that are there already are kept alive, for a machine that takes long for the others. */
  private static void grantAll(ManagedChannel channel) throws Exception {
    AtomicBoolean built = new AtomicBoolean();
    CompletableFuture<?> keeping =
        CompletableFuture.runAsync(() -> {
          while (!built.get()) {
            LockSupport.parkNanos(KEPT_EVERY_NANOS);
            int _ = keepAlive(channel);
          }
        });
    var leases = LeaseGrpc.newFutureStub(channel);
    LeaseGrantRequest.Builder grant = LeaseGrantRequest.newBuilder().setTTL(TTL_SECONDS);
    all(LEASES, GRANTS_UNDER_WAY, i -> leases.leaseGrant(grant.setID(i + 1).build()));
    var kv = KVGrpc.newFutureStub(channel);
    all(LEASES / KEYS_OF_ONE, PUTS_UNDER_WAY, i -> kv.txn(puts(i * KEYS_OF_ONE)));
    built.set(true);
    keeping.join();
  }

  private static void all(int count, int underWay, IntFunction<ListenableFuture<?>> call)
      throws Exception {
    Semaphore free = new Semaphore(underWay);
    Queue<ListenableFuture<?>> calls = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < count; i++) {
      free.acquire();
      ListenableFuture<?> each = call.apply(i);
      each.addListener(free::release, MoreExecutors.directExecutor());
      calls.add(each);
    }
    for (ListenableFuture<?> each : calls) {
      var _ = each.get(LONG_SECONDS, TimeUnit.SECONDS);
    }
  }

  private static TxnRequest puts(int from) {
    TxnRequest.Builder puts = TxnRequest.newBuilder();
    for (int id = from + 1; id <= from + KEYS_OF_ONE; id++) {
      puts.addSuccess(
          RequestOp.newBuilder()
              .setRequestPut(PutRequest.newBuilder().setKey(Wire.bytes(PREFIX + id)).setLease(id)));
    }
    return puts.build();
  }

  /** Keeps all alive; says how many are. */
  private static int keepAlive(ManagedChannel channel) {
    CompletableFuture<Integer> done = new CompletableFuture<>();
    StreamObserver<LeaseKeepAliveRequest> requests =
        LeaseGrpc.newStub(channel)
            .withDeadlineAfter(LONG_SECONDS, TimeUnit.SECONDS)
            .leaseKeepAlive(
                new StreamObserver<>() {
                  private int living;

                  @Override
                  public void onNext(LeaseKeepAliveResponse response) {
                    living += response.getTTL() > 0 ? 1 : 0;
                  }

                  @Override
                  public void onError(Throwable failure) {
                    boolean _ = done.completeExceptionally(failure);
                  }

                  @Override
                  public void onCompleted() {
                    boolean _ = done.complete(living);
                  }
                });
    for (int id = 1; id <= LEASES; id++) {
      requests.onNext(LeaseKeepAliveRequest.newBuilder().setID(id).build());
    }
    requests.onCompleted();
    return done.join();
  }

  private void write(ManagedChannel channel, AtomicBoolean over) {
    PutRequest put = PutRequest.newBuilder().setKey(Wire.bytes("other")).build();
    while (!over.get()) {
      long began = System.nanoTime();
      var _ =
          KVGrpc.newBlockingStub(channel)
              .withDeadlineAfter(LONG_SECONDS, TimeUnit.SECONDS)
              .put(put);
      writes.add(new Write(began, System.nanoTime()));
      LockSupport.parkNanos(WRITTEN_EVERY_NANOS);
    }
  }

  private static void awaitFewerThan(ManagedChannel channel, int keys) {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONG_SECONDS);
    while (count(channel) >= keys) {
      assertThat(until - System.nanoTime()).as("time left for all to end").isPositive();
      LockSupport.parkNanos(LOOKED_EVERY_NANOS);
    }
  }

  private static long count(ManagedChannel channel) {
    ByteString end = Wire.behind(PREFIX);
    return KVGrpc.newBlockingStub(channel)
        .withDeadlineAfter(LONG_SECONDS, TimeUnit.SECONDS)
        .range(
            RangeRequest.newBuilder()
                .setKey(Wire.bytes(PREFIX))
                .setRangeEnd(end)
                .setCountOnly(true)
                .build())
        .getCount();
  }
}
