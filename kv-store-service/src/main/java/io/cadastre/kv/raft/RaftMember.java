package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.core.NodeImpl;
import com.google.protobuf.Message;
import io.cadastre.contracts.kv.Member;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.contracts.kv.peer.ForwardRequest;
import io.cadastre.contracts.kv.peer.ForwardResponse;
import io.cadastre.kv.metrics.Histogram;
import io.cadastre.kv.mvcc.Transaction;
import io.cadastre.kv.peer.PeerChannels;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import io.cadastre.kv.state.Replica;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.jspecify.annotations.Nullable;

/**
 * This member's part in the cluster.
 *
 * <p>A proposal goes to the leader, here or elsewhere, who takes it in its term or never; the
 * answer is found when the command comes back through the log. When a later term begins, what has
 * not come back is given to the new leader: it can no longer be in the log, so nothing happens
 * twice, and nobody hears of the change but by the time it took.
 */
public final class RaftMember implements Proposals, AutoCloseable {

  /** As etcd: as long as two elections, and then as long as a slow disk may take. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final RaftSettings settings;
  private final Replica replica;
  private final RoomWait room;
  private final Others others;
  private final Turns turns;
  private final Waiting waiting;
  private final Submission submission;
  private final Following following;
  private final Applying applying;
  private final @Nullable DiskLog log;
  private final Growth growth;
  private final Node node;
  private final ReadIndexes readIndexes;
  private final Saving saving;
  private final Handover handover;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("kv-raft").factory());

  private volatile boolean closed;

  /** Hears what happens here. */
  public interface Listener {

    /** Of what was committed, before those who asked for it. */
    void committed(List<Transaction> transactions);

    /** The state was replaced by one that is further. */
    void replaced();

    /** Another member leads, or none, or this one. On the thread that applies. */
    void stands(Standing standing);
  }

  /**
   * Starts to take part.
   *
   * @param initialMembers with whom the cluster began
   * @param others how commands get to another member
   * @param turns the threads on which clients' calls come in; they are answered there, too
   */
  public RaftMember(
      RaftSettings settings,
      List<Member> initialMembers,
      Replica replica,
      PeerChannels channels,
      Others others,
      Turns turns,
      Listener listener)
      throws IOException {
    this.settings = settings;
    this.replica = replica;
    this.turns = turns;
    room = new RoomWait(settings.directory());
    this.others = others;
    waiting = new Waiting(settings.memberId());
    submission = new Submission(waiting, others, this::standing, clock);
    following = new Following(listener, channels, submission, initialMembers, clock);
    applying = new Applying(settings.memberId(), replica, room, waiting, following);
    log = settings.memory() ? null : RaftNodes.diskLog(settings, inLogForSure());
    growth = new Growth(log, replica);
    DiskSnapshots snapshots = RaftNodes.snapshots(settings, room);
    node =
        RaftNodes.start(
            settings, channels, applying, log == null ? new MemoryLog() : log, snapshots);
    readIndexes = new ReadIndexes(node, () -> standing().hasLeader(), turns, clock, patience());
    Laggards laggards =
        new Laggards(settings.memberId(), () -> replica.current().members(), others);
    saving = saving(laggards, snapshots);
    handover = new Handover(node, this::standing);
    submission.begin(node);
    LostLeader lostLeader =
        new LostLeader(
            node,
            settings.electionTimeout(),
            this::standing,
            () -> replica.current().members(),
            others::reachable,
            clock);
    lostLeader.begin();
    following.begin(lostLeader, this::fail);
    new Ticking(clock, this::standing, replica, chores(laggards), this::fail).begin();
  }

  private Saving saving(Laggards laggards, DiskSnapshots snapshots) {
    return new Saving(
        node,
        clock,
        settings.snapshotEntries(),
        () -> growth.isPossible() && room.hasRoom(),
        () -> laggards.areBefore(snapshots.getLastSnapshotIndex()),
        () -> replica.current().engine().sizeBytes());
  }

  private Ticking.Chores chores(Laggards laggards) {
    GivingUp givingUp =
        new GivingUp(node, () -> replica.current().appliedIndex(), laggards::areBefore, clock);
    StuckChange stuck =
        new StuckChange(
            settings.electionTimeout(),
            following::lead,
            givingUp::unlessMembersAreBehind,
            System::nanoTime);
    Reconfiguration reconfiguration =
        new Reconfiguration(node, settings.memberId(), others::reachable, stuck);
    return new Ticking.Chores(waiting, submission, readIndexes, applying, saving, reconfiguration);
  }

  /** Whoever is alone cannot have applied what is not in its log; else others may have it. */
  private long inLogForSure() {
    boolean alone = settings.voters().size() <= 1 && replica.current().members().all().size() <= 1;
    return alone ? replica.current().appliedIndex() : 0;
  }

  private Duration patience() {
    return PATIENCE.plus(settings.electionTimeout().multipliedBy(2));
  }

  public Standing standing() {
    return following.standing();
  }

  /** Whether its vote counts, as far as it knows. */
  public boolean votes() {
    return ((NodeImpl) node).getCurrentConf().contains(PeerIds.of(settings.memberId()));
  }

  /** The last entry that is known to be agreed on. */
  public long committedIndex() {
    return Math.max(node.getLastCommittedIndex(), replica.current().appliedIndex());
  }

  /** What it counts. */
  public RaftCounts counts() {
    return new RaftCounts(
        waiting.pending(),
        waiting.failed(),
        following.leaderChanges(),
        log == null ? Histogram.ofDisk() : log.appends());
  }

  /** Done when nothing is taken any more, also where that was not asked for. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public CompletableFuture<Message> propose(Command.Builder command) {
    return proposeIn(Proposal.ANY_TERM, command);
  }

  @Override
  public CompletableFuture<Message> proposeIn(long term, Command.Builder command) {
    if (closed) {
      return CompletableFuture.failedFuture(EtcdError.STOPPED.exception());
    }
    if (!growth.allows(command)) {
      return CompletableFuture.failedFuture(EtcdError.NO_SPACE.exception());
    }
    Proposal proposal;
    try {
      long deadline = System.nanoTime() + patience().toNanos();
      proposal = waiting.add(command, deadline, term, turns.current());
    } catch (EtcdException refusal) {
      return CompletableFuture.failedFuture(refusal);
    }
    submission.submit(proposal);
    if (closed) {
      waiting.fail(proposal, EtcdError.STOPPED);
    }
    return proposal.answer;
  }

  /** Whether the disk has room, as far as is known. */
  public boolean hasRoom() {
    return growth.isPossible();
  }

  /** Reads some of the log again, going round; throws where it is not what was written. */
  public void verifyLog() {
    if (log != null) {
      log.verify();
    }
  }

  /** Takes commands that another member gives to this one, for it leads. */
  public CompletableFuture<ForwardResponse> accept(ForwardRequest request) {
    return submission.accept(request);
  }

  @Override
  public CompletableFuture<Void> caughtUp() {
    return closed
        ? CompletableFuture.failedFuture(EtcdError.STOPPED.exception())
        : readIndexes.caughtUp();
  }

  /**
   * Saves the state soon, where something was applied since that was done last: what was saved then
   * keeps the files of that time on the disk.
   */
  public void saveSoon() {
    if (!clock.isShutdown()) {
      clock.execute(saving::saveSoon);
    }
  }

  private void fail() {
    closed = true;
    waiting.failAll(EtcdError.STOPPED);
    readIndexes.fail(EtcdError.STOPPED);
    boolean _ = ended.complete(null);
  }

  /** Hands over what it leads, where there is somebody to take it. */
  public void handOver() {
    handover.toAnybody(settings.electionTimeout());
  }

  /** Gives the lead to a member and waits until it has it; says whether it does. */
  public boolean transferTo(long member) {
    return handover.to(member, patience());
  }

  @Override
  public void close() {
    closed = true;
    if (log != null) {
      log.stop();
    }
    room.stop();
    node.shutdown();
    try {
      node.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    RaftNodes.forget(settings);
    clock.shutdownNow();
    fail();
  }
}
