package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Iterator;
import com.alipay.sofa.jraft.Status;
import com.alipay.sofa.jraft.core.StateMachineAdapter;
import com.alipay.sofa.jraft.entity.LeaderChangeContext;
import com.alipay.sofa.jraft.error.RaftError;
import com.alipay.sofa.jraft.error.RaftException;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotReader;
import com.alipay.sofa.jraft.storage.snapshot.SnapshotWriter;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.kv.engine.EngineException;
import io.cadastre.kv.mvcc.Transaction;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import io.cadastre.kv.state.Replica;
import io.cadastre.kv.state.StateMachine;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Applies what the members agreed on, in order, on JRaft's thread for that: a run of entries, one
 * write of the engine, then the watchers, then who waits.
 */
final class Applying extends StateMachineAdapter {

  private static final Logger LOG = System.getLogger(Applying.class.getName());

  private static final int MOST_TOGETHER = 1_024;

  /** Keys and versions between two runs. */
  private static final int SWEPT = 1_000;

  private static final String STATE = "state";

  private final long self;
  private final Replica replica;
  private final RoomWait room;
  private final Waiting waiting;
  private final Events events;
  private final Replies replies = new Replies();
  private long appliedTerm;
  private final AtomicLong commands = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  /** What it tells. */
  interface Events {
    void committed(List<Transaction> transactions);

    /** Everything up to an entry, which is of a term, is applied. */
    void applied(long term, long index);

    /** The state was replaced by one that is further. */
    void replaced();

    void stands(Standing standing);

    /** What was proposed in earlier terms and is not applied never will be. */
    void termBegan();

    /** This member cannot go on. */
    void failed();
  }

  Applying(long self, Replica replica, RoomWait room, Waiting waiting, Events events) {
    this.self = self;
    this.replica = replica;
    this.room = room;
    this.waiting = waiting;
    this.events = events;
  }

  @Override
  public void onApply(Iterator entries) {
    replica.write(() -> {
      StateMachine state = replica.current();
      while (entries.hasNext()) {
        long index = state.appliedIndex();
        int together = 0;
        while (together < MOST_TOGETHER && entries.hasNext()) {
          index = Math.max(index, entries.getIndex());
          together += apply(state, entries);
          Object _ = entries.next();
        }
        commit(state, index);
        long _ = commands.addAndGet(together);
      }
    });
  }

  /** Applies an entry; says how many commands it has. */
  private int apply(StateMachine state, Iterator entries) {
    noteTerm(entries.getTerm());
    long _ = bytes.addAndGet(entries.getData().remaining());
    // After a start the log is read again from further back than the engine remembers.
    boolean isNew = entries.getIndex() > state.appliedIndex();
    Closure done = entries.done();
    if (done instanceof Batch batch) {
      for (Proposal proposal : batch.proposals()) {
        apply(state, proposal.command, isNew);
      }
      return batch.proposals().size();
    }
    List<Command> parsed = EntryContent.commands(entries.getIndex(), entries.getData());
    for (Command command : parsed) {
      apply(state, command, isNew);
    }
    if (done != null) {
      replies.add(() -> done.run(Status.OK()));
    }
    return parsed.size();
  }

  private void apply(StateMachine state, Command command, boolean isNew) {
    Proposal proposal = waiting.take(command);
    if (!isNew) {
      return;
    }
    Object outcome = outcome(state, command);
    if (proposal != null) {
      replies.add(proposal, outcome);
    }
  }

  private void noteTerm(long term) {
    if (term > appliedTerm) {
      appliedTerm = term;
      waiting.forEach(proposal -> proposal.releaseBefore(term));
      replies.add(events::termBegan);
    }
  }

  private static Object outcome(StateMachine state, Command command) {
    try {
      return state.apply(command);
    } catch (EtcdException refusal) {
      return refusal;
    }
  }

  private void commit(StateMachine state, long index) {
    boolean _ = state.store().sweep(SWEPT);
    events.committed(state.commit(index));
    events.applied(appliedTerm, index);
    replies.send();
  }

  /** How many commands of the log this process went through. */
  long commands() {
    return commands.get();
  }

  /** How many bytes they had. */
  long bytes() {
    return bytes.get();
  }

  /** Goes on with what a compaction left to do, while nothing is applied. Says if there is more. */
  boolean sweep() {
    boolean[] more = {false};
    replica.write(() -> {
      StateMachine state = replica.current();
      more[0] = state.store().sweep(SWEPT);
      if (more[0]) {
        events.committed(state.commit(state.appliedIndex()));
      }
    });
    return more[0];
  }

  @Override
  public void onLeaderStart(long term) {
    events.stands(new Standing(term, self, true));
  }

  @Override
  public void onLeaderStop(Status status) {
    events.stands(new Standing(appliedTerm, 0, false));
  }

  @Override
  public void onStartFollowing(LeaderChangeContext context) {
    long leader = PeerIds.member(context.getLeaderId());
    events.stands(new Standing(context.getTerm(), leader, false));
  }

  @Override
  public void onStopFollowing(LeaderChangeContext context) {
    events.stands(new Standing(context.getTerm(), 0, false));
  }

  @Override
  public void onError(RaftException failure) {
    LOG.log(Level.ERROR, "this member stops: it can no longer agree or apply", failure);
    events.failed();
  }

  /** On a thread of its own: the copy may hold more than it is asked for, but never less. */
  @Override
  public void onSnapshotSave(SnapshotWriter writer, Closure done) {
    Thread _ = Thread.ofPlatform().name("kv-snapshot").start(() -> done.run(save(writer)));
  }

  private Status save(SnapshotWriter writer) {
    Path copy = Path.of(writer.getPath(), STATE);
    try {
      replica.copyTo(copy);
      try (Stream<Path> files = Files.list(copy)) {
        boolean all = files.allMatch(file -> writer.addFile(STATE + "/" + copy.relativize(file)));
        return all ? Status.OK() : new Status(RaftError.EIO, "cannot list the files of %s", copy);
      }
    } catch (IOException | EngineException e) {
      LOG.log(Level.ERROR, "cannot write a snapshot; the log grows until it can", e);
      // JRaft gives a member up for good that says EIO.
      return new Status(RaftError.ECANCELED, "%s", e);
    }
  }

  @Override
  public boolean onSnapshotLoad(SnapshotReader reader) {
    long index = reader.load().getLastIncludedIndex();
    if (replica.current().appliedIndex() >= index) {
      return true;
    }
    if (!takeUp(Path.of(reader.getPath(), STATE))) {
      return false;
    }
    // Some of what is waited for may be in it, but not what came of it.
    waiting.failAll(EtcdError.TIMEOUT);
    events.replaced();
    return true;
  }

  private boolean takeUp(Path copy) {
    while (true) {
      try {
        replica.replaceBy(copy);
        return true;
      } catch (IOException | EngineException e) {
        if (!room.again(e)) {
          LOG.log(Level.ERROR, "cannot take up a snapshot", e);
          return false;
        }
      }
    }
  }
}
