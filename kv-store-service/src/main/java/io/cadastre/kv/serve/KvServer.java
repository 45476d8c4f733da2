package io.cadastre.kv.serve;

import io.cadastre.contracts.kv.CompactionRequest;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.command.ExpiredLeases;
import io.cadastre.contracts.kv.command.LeaseCheckpoints;
import io.cadastre.contracts.kv.command.MemberPublished;
import io.cadastre.kv.auth.Caller;
import io.cadastre.kv.auth.Callers;
import io.cadastre.kv.auth.Tokens;
import io.cadastre.kv.compaction.AutoCompaction;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.lease.LeaseExpiry;
import io.cadastre.kv.lease.LeaseLog;
import io.cadastre.kv.metrics.GrpcCounts;
import io.cadastre.kv.port.ClientPort;
import io.cadastre.kv.port.Pages;
import io.cadastre.kv.port.PagesServer;
import io.cadastre.kv.raft.RaftMember;
import io.cadastre.kv.raft.RaftSettings;
import io.cadastre.kv.raft.Standing;
import io.cadastre.kv.serve.DataDirectory.Identity;
import io.cadastre.kv.snapshot.SnapshotReader;
import io.cadastre.kv.snapshot.SnapshotRestore;
import io.cadastre.kv.state.Replica;
import io.cadastre.kv.watch.WatchHub;
import io.cadastre.kv.watch.WatchLimits;
import io.grpc.BindableService;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A member that serves clients. */
public final class KvServer implements AutoCloseable {

  private static final Logger LOG = System.getLogger(KvServer.class.getName());

  private static final Duration TOKEN_LIFE = Duration.ofMinutes(5);
  private static final Duration LOOKED_AFTER_EVERY = Duration.ofMillis(500);
  private static final long STOP_SECONDS = 5;
  private static final int CLOCK_THREADS = 2;

  private final KvSettings settings;
  private final DataDirectory directory;
  private final Replica replica;
  private final Peering peering;
  private final RaftMember member;
  private final WatchHub hub;
  private final Thread hubThread;
  private final ScheduledExecutorService clock =
      // One more than what waits for the cluster: leases that end.
      Executors.newScheduledThreadPool(
          CLOCK_THREADS, Thread.ofPlatform().daemon().name("kv-clock").factory());
  private final ExecutorService blocking = Executors.newVirtualThreadPerTaskExecutor();
  private final ClientPort server;
  private final Answers answers;
  private final Quota quota;
  private final Pages pages;
  private @Nullable PagesServer pagesServer;

  private KvServer(
      KvSettings settings,
      DataDirectory directory,
      Replica replica,
      Peering peering,
      Identity identity)
      throws IOException {
    this.settings = settings;
    this.directory = directory;
    this.replica = replica;
    this.peering = peering;
    PeerSettings peers = settings.peers();
    AtomicReference<Standing> standing = new AtomicReference<>(Standing.UNKNOWN);
    Self self = new Self(identity.clusterId(), identity.memberId(), settings.name(), standing::get);
    hub =
        new WatchHub(
            () -> replica.current().store(), self::header, WatchLimits.DEFAULT, System::nanoTime);
    member =
        new RaftMember(
            raft(identity),
            identity.initialMembers(),
            replica,
            peering.channels(),
            peering.calls(),
            new Happenings(hub, replica, peers.electionTimeout(), standing::set));
    hubThread = Thread.ofPlatform().name("kv-watch").start(hub::run);
    answers = new Answers(self, replica::current, member, blocking);
    LeaderLeases leases = new LeaderLeases(answers, peering.calls());
    peering.service().serve(new PeerService.Own(answers, member, leases));
    quota = new Quota(answers, settings.quotaBytes());
    StandingGuard guard = new StandingGuard(answers, peers.electionTimeout());
    HealthChecks checks = new HealthChecks(answers, member);
    GrpcCounts calls = new GrpcCounts(settings.clients().callTimes());
    pages =
        new StatusPages(
            checks,
            new MemberMetrics(
                answers, quota, hub, member, replica.commits(), checks, calls, peering.channels()));
    server =
        new ClientPort(
            settings.listen(),
            settings.clients().tls(),
            services(leases),
            List.of(new Callers(settings.clients().usersByCertificate()), guard),
            calls,
            pages,
            blocking);
    LeaseExpiry expiry =
        new LeaseExpiry(
            () -> replica.current().leases(), new ProposedLeases(answers), System::nanoTime);
    every(LOOKED_AFTER_EVERY, expiry::run);
    every(LOOKED_AFTER_EVERY, this::endWhereRemoved);
    every(LOOKED_AFTER_EVERY, peering::followMoves);
    every(LOOKED_AFTER_EVERY, guard::tick);
    CorruptionCheck corruption =
        new CorruptionCheck(answers, peering.calls(), peers.corruptCheckInterval());
    every(LOOKED_AFTER_EVERY, corruption::tick);
    compact();
  }

  private List<BindableService> services(LeaderLeases leases) throws IOException {
    String token = settings.peers().bootstrap().token();
    List<BindableService> services =
        new ArrayList<>(
            List.of(
                new KvService(answers, quota),
                new WatchService(answers, hub),
                new LeaseService(answers, quota, leases, shortestLeaseSeconds()),
                new AuthService(answers),
                new MaintenanceService(answers, quota, member, directory.scratch()),
                new ClusterService(answers, peering.calls(), token),
                new LockService(answers, hub),
                new ElectionService(answers, hub),
                new HealthStatusManager().getHealthService()));
    if (settings.clients().reflection()) {
      services.add(ProtoReflectionServiceV1.newInstance());
    }
    return services;
  }

  private RaftSettings raft(Identity identity) throws IOException {
    PeerSettings peers = settings.peers();
    return new RaftSettings(
        identity.clusterId(),
        identity.memberId(),
        identity.initialMembers().stream().map(Member::getID).toList(),
        directory.raft(settings.memory()),
        settings.memory(),
        peers.electionTimeout(),
        peers.heartbeatInterval(),
        peers.snapshotEntries());
  }

  /** One and a half elections, in whole seconds. */
  private long shortestLeaseSeconds() {
    long millis = settings.peers().electionTimeout().toMillis();
    return Math.ceilDiv(3 * millis, 2_000);
  }

  private void every(Duration period, Runnable work) {
    ScheduledFuture<?> _ =
        clock.scheduleWithFixedDelay(
            new Chore(work, () -> server.shutdownNow()),
            period.toMillis(),
            period.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  private void compact() {
    AutoCompaction compaction = new AutoCompaction(settings.retention(), System.nanoTime());
    every(
        compaction.interval(),
        () ->
            compaction
                .due(System.nanoTime(), answers.state().store().revision())
                .ifPresent(revision -> {
                  if (member.standing().leading()) {
                    // Where somebody compacted further meanwhile there is nothing left to do.
                    CompletableFuture<?> _ =
                        answers.propose(
                            Caller.SERVER,
                            command ->
                                command.setCompact(
                                    CompactionRequest.newBuilder().setRevision(revision)));
                  }
                }));
  }

  private void endWhereRemoved() {
    long id = answers.self().memberId();
    if (answers.state().members().removed().contains(id) && !member.standing().leading()) {
      LOG.log(Level.ERROR, "{0}", Joining.removed(id));
      server.shutdownNow();
    }
  }

  /** Starts a member. It serves when this returns, though maybe not before others are there. */
  public static KvServer start(KvSettings settings) throws IOException {
    DataDirectory directory = DataDirectory.open(settings.dataDirectory());
    Replica replica = null;
    Peering peering = null;
    try {
      Replica opened =
          new Replica(
              settings.memory() ? null : directory.store(),
              new Tokens(TOKEN_LIFE, System::nanoTime),
              System::nanoTime);
      replica = opened;
      peering = new Peering(settings.peers(), () -> opened.current().members());
      Identity identity = peering.identify(directory, settings.name(), settings.memory());
      return start(new KvServer(settings, directory, replica, peering, identity));
    } catch (IOException | RuntimeException e) {
      if (peering != null) {
        peering.close();
      }
      if (replica != null) {
        replica.close();
      }
      directory.close();
      throw e;
    }
  }

  private static KvServer start(KvServer member) throws IOException {
    try {
      member.server.start();
    } catch (IOException e) {
      member.close();
      throw e;
    }
    // A member that cannot write is better gone than half there.
    CompletableFuture<?> _ = member.member.ended().thenRun(member.server::shutdownNow);
    member.blocking.execute(member::publish);
    return member;
  }

  /** Tells the others what this member is called and where clients reach it. */
  private void publish() {
    InetSocketAddress listen = settings.listen();
    List<String> urls =
        settings.advertised().isEmpty()
            ? List.of(settings.clients().scheme() + "://" + listen.getHostString() + ":" + port())
            : settings.advertised();
    MemberPublished told =
        MemberPublished.newBuilder()
            .setId(answers.self().memberId())
            .setName(settings.name())
            .addAllClientUrls(urls)
            .build();
    CompletableFuture<?> _ =
        answers
            .propose(Caller.SERVER, command -> command.setMemberPublished(told))
            .whenComplete((_, failure) -> {
              if (failure != null && !server.isShutdown()) {
                blocking.execute(this::publish);
              }
            });
  }

  /**
   * Fills a directory that holds no member yet from a snapshot, of this server's or of etcd's. Who
   * is started on it is of a new cluster, alone or with others that were filled from the same.
   *
   * @throws IOException where there is something in the directory already
   */
  public static void restore(Path snapshot, Path dataDirectory) throws IOException {
    if (Files.exists(dataDirectory)) {
      throw new IOException(dataDirectory + " exists already (allowed: a new directory)");
    }
    try (SnapshotReader reader = new SnapshotReader(snapshot);
        DataDirectory directory = DataDirectory.open(dataDirectory);
        StorageEngine engine = Replica.openEngine(directory.store())) {
      SnapshotRestore.restore(reader, engine);
    }
  }

  /** Where clients come in. */
  public int port() {
    return server.port();
  }

  /** Done when the member belongs to a cluster that has a leader and can read what is current. */
  public CompletableFuture<Void> ready() {
    return member.caughtUp();
  }

  /**
   * Serves health and metrics, too.
   *
   * @return the port, where it was left open
   */
  public int serveStatus(InetSocketAddress listen) throws IOException {
    PagesServer served = new PagesServer(listen, pages, blocking);
    pagesServer = served;
    return served.port();
  }

  /** Whether it serves no longer. */
  public boolean isEnded() {
    return server.isShutdown();
  }

  /** For tests that damage it. */
  StorageEngine engine() {
    return replica.current().engine();
  }

  /** Waits until it serves no longer. */
  public void await() throws InterruptedException {
    server.awaitTermination();
  }

  /** Ends in order: who leads hands that over first. */
  @Override
  public void close() throws IOException {
    member.handOver();
    server.shutdown();
    end(STOP_SECONDS);
  }

  /** Ends as a crash would, as far as others can tell. */
  void abandon() throws IOException {
    peering.close();
    server.shutdownNow();
    end(0);
  }

  private void end(long graceSeconds) throws IOException {
    if (pagesServer != null) {
      pagesServer.close();
    }
    hub.close();
    clock.shutdownNow();
    try {
      hubThread.join();
      server.awaitTermination(Duration.ofSeconds(graceSeconds));
      member.close();
      peering.close();
      blocking.shutdown();
      boolean _ = blocking.awaitTermination(STOP_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    replica.close();
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
