package io.cadastre.kv.serve;

import io.cadastre.kv.auth.Tokens;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.port.ClientLoops;
import io.cadastre.kv.port.PagesServer;
import io.cadastre.kv.raft.RaftMember;
import io.cadastre.kv.raft.Standing;
import io.cadastre.kv.serve.DataDirectory.Identity;
import io.cadastre.kv.state.Replica;
import io.cadastre.kv.watch.WatchHub;
import io.cadastre.kv.watch.WatchLimits;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A member that serves clients: what it consists of, and how it begins and ends. */
public final class KvServer implements AutoCloseable {

  /** The version of etcd whose API this is. */
  public static final String API_VERSION = MaintenanceService.VERSION;

  private static final long STOP_SECONDS = 5;

  private final DataDirectory directory;
  private final Replica replica;
  private final Peering peering;
  private final RaftMember member;
  private final WatchHub hub;
  private final Thread hubThread;
  private final Threads threads = new Threads();
  private final ClientLoops loops = new ClientLoops();
  private final Answers answers;
  private final FrontDoor door;
  private final Chores chores;
  private final List<PagesServer> pages = new CopyOnWriteArrayList<>();
  private volatile int port;

  private KvServer(
      KvSettings settings,
      DataDirectory directory,
      Replica replica,
      Peering peering,
      Identity identity)
      throws IOException {
    this.directory = directory;
    this.replica = replica;
    this.peering = peering;
    PeerSettings peers = settings.peers();
    AtomicReference<Standing> standing = new AtomicReference<>(Standing.UNKNOWN);
    Self self = new Self(identity.clusterId(), identity.memberId(), settings.name(), standing::get);
    hub =
        new WatchHub(
            () -> replica.current().store(), self::header, watches(settings), System::nanoTime);
    KeyCounts keys = new KeyCounts();
    member =
        new RaftMember(
            peers.raft(identity, directory.raft(settings.memory()), settings.memory()),
            identity.initialMembers(),
            replica,
            peering.channels(),
            peering.calls(),
            loops::current,
            new Happenings(hub, keys, replica, peers.electionTimeout(), standing::set));
    hubThread = Thread.ofPlatform().name("kv-watch").start(hub::run);
    CountedReads reads = new CountedReads(member, System::nanoTime);
    answers = new Answers(self, replica::current, reads, threads);
    LeaderLeases leases = new LeaderLeases(answers, peering.calls());
    OwnData own = new OwnData(replica::current, member);
    peering.service().serve(new PeerService.Own(answers, member, leases, own));
    MemberCounts counts = new MemberCounts(keys, reads, replica.commits(), replica::slowWrites);
    try {
      door =
          new FrontDoor(
              settings, answers, member, hub, peering, leases, loops, counts, directory.scratch());
    } catch (IOException | RuntimeException e) {
      // The data are closed next, and must not be in use then.
      hub.close();
      member.close();
      loops.close();
      throw e;
    }
    chores = new Chores(answers, member, door.port()::shutdownNow);
    chores.begin(settings, peering, door.guard());
  }

  private static WatchLimits watches(KvSettings settings) {
    ClientLimits limits = settings.clients().limits();
    return WatchLimits.DEFAULT.with(limits.messageBytes(), limits.progressEvery());
  }

  /** Starts a member. It serves when this returns, though maybe not before others are there. */
  public static KvServer start(KvSettings settings) throws IOException {
    DataDirectory directory = DataDirectory.open(settings.dataDirectory());
    Replica replica = null;
    Peering peering = null;
    try {
      if (!settings.memory()) {
        new Reserve(settings.dataDirectory()).makeRoom();
      }
      Replica opened =
          new Replica(
              settings.memory() ? null : directory.store(),
              new Tokens(settings.clients().limits().tokenLife(), System::nanoTime),
              System::nanoTime);
      replica = opened;
      peering = new Peering(settings.peers(), () -> opened.current().members());
      Identity identity = peering.identify(directory, settings.name(), settings.memory());
      KvServer server = new KvServer(settings, directory, replica, peering, identity);
      server.serve(settings);
      return server;
    } catch (IOException | RuntimeException e) {
      closeAfter(e, peering);
      closeAfter(e, replica);
      closeAfter(e, directory);
      throw e;
    }
  }

  /** Why it does not start is what counts, not what comes of it. */
  private static void closeAfter(Exception reason, @Nullable AutoCloseable opened) {
    if (opened != null) {
      try {
        opened.close();
      } catch (Exception e) {
        reason.addSuppressed(e);
      }
    }
  }

  private void serve(KvSettings settings) throws IOException {
    try {
      if (isEnded()) {
        throw new IOException(
            "member %s ended before it could serve clients; the log says why"
                .formatted(settings.name()));
      }
      door.port().start();
      port = door.port().port();
    } catch (IOException | RuntimeException e) {
      closeAfter(e, this);
      throw e;
    }
    // A member that cannot write is better gone than half there.
    CompletableFuture<?> _ = member.ended().thenRun(door.port()::shutdownNow);
    threads.waiting().execute(new Announcement(answers, settings, port, this::isEnded));
  }

  /** Where clients come in, or came in until it ended. */
  public int port() {
    return port;
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
    PagesServer served = new PagesServer(listen, door.pages(), threads.waiting());
    boolean _ = pages.add(served);
    return served.port();
  }

  /** Whether it serves no longer. */
  public boolean isEnded() {
    return door.port().isShutdown();
  }

  /** For tests that damage it. */
  StorageEngine engine() {
    return replica.current().engine();
  }

  /** Waits until it serves no longer. */
  public void await() throws InterruptedException {
    door.port().awaitTermination();
  }

  /** Ends in order: who leads hands that over first. */
  @Override
  public void close() throws IOException {
    member.handOver();
    door.port().shutdown();
    end(STOP_SECONDS);
  }

  /** Ends as a crash would, as far as others can tell. */
  void abandon() throws IOException {
    peering.close();
    door.port().shutdownNow();
    end(0);
  }

  private void end(long graceSeconds) throws IOException {
    pages.forEach(PagesServer::close);
    hub.close();
    chores.close();
    try {
      hubThread.join();
      door.port().awaitTermination(Duration.ofSeconds(graceSeconds));
      member.close();
      peering.close();
      loops.close();
      threads.end(STOP_SECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    replica.close();
    directory.close();
  }
}
