package io.cadastre.benchmarks.kv;

import com.google.protobuf.ByteString;
import io.cadastre.benchmarks.measuring.Table;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** How long no write is acknowledged after the leader of three was killed. */
public final class LeaderKill {

  private static final int ROUNDS = Integer.getInteger("cadastre.rounds", 3);
  private static final int CLIENTS = 16;
  private static final int BEFORE_SECONDS = 8;
  private static final int AFTER_SECONDS = 8;

  private LeaderKill() {}

  /** Prints the table. */
  public static void run() throws Exception {
    Table table = new Table("server", "longest gap ms, median", "all rounds");
    for (Product product : Product.all()) {
      List<Double> gaps = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        try (KvServers servers = KvServers.start(product, 3)) {
          gaps.add(gapMillis(servers));
        }
      }
      Table _ = table.row(product.name(), "%.0f".formatted(Measured.median(gaps)), gaps.toString());
    }
    table.print(
        "Leader of three killed under %d clients that turn to the next member, 1 s a call"
            .formatted(CLIENTS));
  }

  private static double gapMillis(KvServers servers) throws Exception {
    List<ManagedChannel> channels = servers.ports().stream().map(KvServers::channel).toList();
    Acknowledged acknowledged = new Acknowledged();
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(BEFORE_SECONDS + AFTER_SECONDS);
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        var _ = clients.submit(() -> put(channels, number, until, acknowledged));
      }
      TimeUnit.SECONDS.sleep(BEFORE_SECONDS);
      acknowledged.reset();
      servers.kill(servers.leader());
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
    return acknowledged.longestGapNanos.get() / 1e6;
  }

  private static void put(
      List<ManagedChannel> channels, int number, long until, Acknowledged acknowledged) {
    int member = number;
    for (int i = 0; System.nanoTime() < until; i++) {
      try {
        PutRequest request =
            PutRequest.newBuilder()
                .setKey(ByteString.copyFromUtf8(number + "/" + i))
                .setValue(ByteString.copyFromUtf8("v"))
                .build();
        var _ =
            KVGrpc.newBlockingStub(channels.get(member % channels.size()))
                .withDeadlineAfter(1, TimeUnit.SECONDS)
                .put(request);
        acknowledged.one();
      } catch (StatusRuntimeException _) {
        member++;
      }
    }
  }

  /** When something was acknowledged last. */
  private static final class Acknowledged {

    private final AtomicLong last = new AtomicLong(System.nanoTime());
    private final AtomicLong longestGapNanos = new AtomicLong();

    void reset() {
      last.set(System.nanoTime());
      longestGapNanos.set(0);
    }

    void one() {
      long now = System.nanoTime();
      long gap = now - last.getAndSet(now);
      long _ = longestGapNanos.accumulateAndGet(gap, Math::max);
    }
  }
}
