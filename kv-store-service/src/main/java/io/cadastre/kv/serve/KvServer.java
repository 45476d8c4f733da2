package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.CompactionRequest;
import io.cadastre.contracts.kv.command.ExpiredLeases;
import io.cadastre.contracts.kv.command.LeaseCheckpoints;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.auth.Callers;
import io.cadastre.kv.auth.Tokens;
import io.cadastre.kv.compaction.AutoCompaction;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.engine.RocksDbEngine;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.lease.LeaseExpiry;
import io.cadastre.kv.lease.LeaseLog;
import io.cadastre.kv.log.SingleMember;
import io.cadastre.kv.snapshot.SnapshotReader;
import io.cadastre.kv.snapshot.SnapshotRestore;
import io.cadastre.kv.state.StateMachine;
import io.cadastre.kv.watch.WatchHub;
import io.cadastre.kv.watch.WatchLimits;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A member that serves clients. */
public final class KvServer implements AutoCloseable {

  private static final int MOST_MESSAGE_BYTES = 2 << 20;
  private static final Duration CLIENT_PINGS_AT_MOST_EVERY = Duration.ofSeconds(5);
  private static final Duration TOKEN_LIFE = Duration.ofMinutes(5);
  private static final Duration LEASES_LOOKED_AT_EVERY = Duration.ofMillis(500);

  /** One and a half elections, in whole seconds. */
  private static final long SHORTEST_LEASE_SECONDS = 2;

  private static final long BLOCK_CACHE_BYTES = 64 << 20;

  private static final long STOP_SECONDS = 5;

  /** Of a leader that nobody else could be. */
  private static final long TERM = 2;

  private final DataDirectory directory;
  private final StorageEngine engine;
  private final SingleMember log;
  private final WatchHub hub;
  private final Thread hubThread;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kv-clock").factory());
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final Server server;
  private final Answers answers;
  private final Quota quota;
  private @Nullable StatusPages pages;

  private KvServer(KvSettings settings) throws IOException {
    directory = DataDirectory.open(settings.dataDirectory());
    engine =
        settings.memory()
            ? new MemoryEngine()
            : new RocksDbEngine(directory.store(), BLOCK_CACHE_BYTES);
    StateMachine state =
        new StateMachine(engine, new Tokens(TOKEN_LIFE, System::nanoTime), System::nanoTime);
    Self[] self = {self(settings, settings.listen().getPort())};
    hub =
        new WatchHub(
            state::store,
            revision -> self[0].header(revision),
            WatchLimits.DEFAULT,
            System::nanoTime);
    hubThread = Thread.ofPlatform().name("kv-watch").start(hub::run);
    log =
        settings.memory()
            ? SingleMember.inMemory(state, hub::publish)
            : SingleMember.open(state, directory.log(), hub::publish);
    state.leases().promote(Duration.ZERO);
    log.start();
    answers = new Answers(self[0], state, log, blocking);
    LeaseExpiry expiry =
        new LeaseExpiry(state::leases, new ProposedLeases(answers), System::nanoTime);
    ScheduledFuture<?> _ =
        clock.scheduleWithFixedDelay(
            expiry::run,
            LEASES_LOOKED_AT_EVERY.toMillis(),
            LEASES_LOOKED_AT_EVERY.toMillis(),
            TimeUnit.MILLISECONDS);
    compactBy(settings);
    quota = new Quota(answers, settings.quotaBytes());
    server =
        NettyServerBuilder.forAddress(settings.listen())
            // Handlers do not block; a pool between would cost half of the throughput.
            .directExecutor()
            .maxInboundMessageSize(MOST_MESSAGE_BYTES)
            .permitKeepAliveTime(CLIENT_PINGS_AT_MOST_EVERY.toSeconds(), TimeUnit.SECONDS)
            .permitKeepAliveWithoutCalls(true)
            .intercept(new Callers(false))
            .addService(new KvService(answers, quota))
            .addService(new WatchService(answers, hub))
            .addService(new LeaseService(answers, quota, SHORTEST_LEASE_SECONDS))
            .addService(new AuthService(answers))
            .addService(new MaintenanceService(answers, quota, directory.scratch()))
            .addService(new ClusterService(answers))
            .addService(new LockService(answers, hub))
            .addService(new ElectionService(answers, hub))
            .addService(new HealthStatusManager().getHealthService())
            .build();
  }

  private void compactBy(KvSettings settings) {
    AutoCompaction compaction = new AutoCompaction(settings.retention(), System.nanoTime());
    Runnable look =
        () ->
            compaction
                .due(System.nanoTime(), answers.state().store().revision())
                .ifPresent(revision -> {
                  // Where somebody compacted further meanwhile there is nothing left to do.
                  CompletableFuture<?> _ =
                      answers.propose(
                          Caller.SERVER,
                          command ->
                              command.setCompact(
                                  CompactionRequest.newBuilder().setRevision(revision)));
                });
    long every = compaction.interval().toMillis();
    ScheduledFuture<?> _ = clock.scheduleWithFixedDelay(look, every, every, TimeUnit.MILLISECONDS);
  }

  private Self self(KvSettings settings, int port) {
    InetSocketAddress listen = settings.listen();
    List<String> urls =
        settings.advertised().isEmpty()
            ? List.of("http://" + listen.getHostString() + ":" + port)
            : settings.advertised();
    return new Self(
        directory.clusterId(), directory.memberId(), TERM, settings.name(), urls, List.of());
  }

  /** Starts a member; it serves when this returns. */
  public static KvServer start(KvSettings settings) throws IOException {
    KvServer member = new KvServer(settings);
    member.server.start();
    // A member that cannot write is better gone than half there.
    CompletableFuture<?> _ = member.log.ended().thenRun(member.server::shutdownNow);
    return member;
  }

  /**
   * Fills a directory that holds no member yet from a snapshot, of this server's or of etcd's. The
   * member that is started on it is of a cluster of its own.
   *
   * @throws IOException where there is something in the directory already
   */
  public static void restore(Path snapshot, Path dataDirectory) throws IOException {
    if (Files.exists(dataDirectory)) {
      throw new IOException(dataDirectory + " exists already (allowed: a new directory)");
    }
    try (SnapshotReader reader = new SnapshotReader(snapshot);
        DataDirectory directory = DataDirectory.open(dataDirectory);
        StorageEngine engine = new RocksDbEngine(directory.store(), BLOCK_CACHE_BYTES)) {
      SnapshotRestore.restore(reader, engine);
    }
  }

  /** Where clients come in. */
  public int port() {
    return server.getPort();
  }

  /**
   * Serves health and metrics, too.
   *
   * @return the port, where it was left open
   */
  public int serveStatus(InetSocketAddress listen) throws IOException {
    StatusPages served = new StatusPages(answers, quota, hub, log.ended(), listen);
    pages = served;
    return served.port();
  }

  /** Waits until it is closed. */
  public void await() throws InterruptedException {
    server.awaitTermination();
  }

  @Override
  public void close() throws IOException {
    if (pages != null) {
      pages.close();
    }
    server.shutdown();
    hub.close();
    clock.shutdownNow();
    try {
      hubThread.join();
      if (!server.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS)) {
        server.shutdownNow();
      }
      log.close();
      blocking.shutdown();
      boolean _ = blocking.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    engine.close();
    directory.close();
  }

  /** Leases that end by the log. */
  private record ProposedLeases(Answers answers) implements LeaseLog {

    @Override
    public CompletableFuture<?> revoke(List<Long> ids) {
      return answers.propose(
          Caller.SERVER,
          command -> command.setExpiredLeases(ExpiredLeases.newBuilder().addAllIds(ids)));
    }

    @Override
    public CompletableFuture<?> checkpoint(Map<Long, Long> leftSeconds) {
      return answers.propose(
          Caller.SERVER,
          command ->
              command.setLeaseCheckpoints(
                  LeaseCheckpoints.newBuilder().putAllLeftSeconds(leftSeconds)));
    }
  }
}
