package io.cadastre.benchmarks.kv;

import io.cadastre.benchmarks.kv.Load.Kind;
import io.cadastre.benchmarks.measuring.Table;
import io.cadastre.contracts.kv.CompactionRequest;
import io.cadastre.contracts.kv.DefragmentRequest;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc.MaintenanceBlockingStub;
import io.cadastre.contracts.kv.StatusRequest;
import io.cadastre.contracts.kv.StatusResponse;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Puts at an even pace while a store is defragmented of which most was compacted away. */
public final class Defragmentation {

  private static final int MEBIBYTES = Integer.getInteger("cadastre.kv.mebibytes", 2_048);
  private static final int PER_SECOND = Integer.getInteger("cadastre.kv.rate", 1_000);
  private static final int VALUE_BYTES = 16 << 10;
  private static final int KEYS = 1_000;
  private static final Duration BEFORE = Duration.ofSeconds(5);

  private Defragmentation() {}

  /** Prints the table. */
  public static void run() throws Exception {
    Table table =
        new Table(
            "server",
            "size MiB before",
            "after",
            "took s",
            "put p99 ms at rest",
            "compacting",
            "defragmenting",
            "times",
            "longest ms",
            "not answered");
    for (Product product : Product.all()) {
      try (KvServers servers = KvServers.start(product, 1)) {
        measure(servers, table);
      }
    }
    table.print(
        "Defragmenting %d MiB under %d puts a second, open loop".formatted(MEBIBYTES, PER_SECOND));
  }

  private static void measure(KvServers servers, Table table) throws Exception {
    int port = servers.ports().getFirst();
    ManagedChannel channel = KvServers.channel(port);
    try (Load filling = new Load(port, 16, VALUE_BYTES);
        Load load = new Load(port, 64)) {
      int puts = (MEBIBYTES << 10) / (VALUE_BYTES >> 10);
      for (int written = 0; written < puts; written += KEYS) {
        filling.fill(0, KEYS, 64);
      }
      MaintenanceBlockingStub maintenance = MaintenanceGrpc.newBlockingStub(channel);
      StatusResponse before = maintenance.status(StatusRequest.getDefaultInstance());
      Load.Result _ = load.closed(Kind.PUT, BEFORE);
      Load.Result rest = load.open(Kind.PUT, BEFORE, PER_SECOND);
      CompletableFuture<Double> compacted =
          timed(() -> {
            var _ = KVGrpc.newBlockingStub(channel).compact(upTo(before.getHeader().getRevision()));
          });
      Load.Result compacting = load.open(Kind.PUT, BEFORE, PER_SECOND);
      double _ = compacted.get(10, TimeUnit.MINUTES);
      CompletableFuture<Double> took =
          timed(() -> {
            var _ = maintenance.defragment(DefragmentRequest.getDefaultInstance());
          });
      Load.Result defragmenting = load.open(Kind.PUT, BEFORE, PER_SECOND);
      double seconds = took.get(10, TimeUnit.MINUTES);
      StatusResponse after = maintenance.status(StatusRequest.getDefaultInstance());
      double quiet = p99Millis(rest);
      double loud = p99Millis(defragmenting);
      Table _ =
          table.row(
              servers.product().name(),
              Long.toString(before.getDbSize() >> 20),
              Long.toString(after.getDbSize() >> 20),
              String.format(Locale.ROOT, "%.1f", seconds),
              Measured.millis(quiet),
              Measured.millis(p99Millis(compacting)),
              Measured.millis(loud),
              Measured.millis(loud / quiet),
              Measured.millis(defragmenting.micros().getMaxValue() / 1e3),
              Long.toString(compacting.errors() + defragmenting.errors()));
    } finally {
      ManagedChannel _ = channel.shutdownNow();
    }
  }

  private static CompletableFuture<Double> timed(Runnable work) {
    long from = System.nanoTime();
    return CompletableFuture.supplyAsync(() -> {
      work.run();
      return (System.nanoTime() - from) / 1e9;
    });
  }

  private static CompactionRequest upTo(long revision) {
    return CompactionRequest.newBuilder().setRevision(revision).setPhysical(true).build();
  }

  private static double p99Millis(Load.Result result) {
    return result.micros().getValueAtPercentile(99) / 1e3;
  }
}
