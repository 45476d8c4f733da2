package io.cadastre.kv.log;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.kv.mvcc.Transaction;
import io.cadastre.kv.request.EtcdError;
import io.cadastre.kv.request.EtcdException;
import io.cadastre.kv.state.StateMachine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The log of a cluster of one. Whatever waits is written and synced together, then applied, made
 * visible, and only then answered.
 */
public final class SingleMember implements Proposals, AutoCloseable {

  private static final int MOST_WAITING = 16_384;
  private static final int MOST_TOGETHER = 1_024;
  private static final int SWEPT_KEYS = 1_000;
  private static final int COMMAND = 0;
  private static final long TERM = 1;

  private final StateMachine state;
  private final @Nullable LogFiles log;
  private final Consumer<List<Transaction>> watchers;
  private final BlockingQueue<Proposal> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Thread thread = Thread.ofPlatform().name("kv-apply").unstarted(this::run);
  private long index;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private volatile boolean closed;

  private SingleMember(
      StateMachine state, @Nullable LogFiles log, Consumer<List<Transaction>> watchers) {
    this.state = state;
    this.log = log;
    this.watchers = watchers;
    this.index = log == null ? state.appliedIndex() : log.lastIndex();
  }

  /**
   * Opens the log in a directory and applies what the state does not have yet.
   *
   * @param watchers hear of what was committed, before those who asked for it
   */
  public static SingleMember open(
      StateMachine state, Path directory, Consumer<List<Transaction>> watchers) throws IOException {
    LogFiles log = LogFiles.open(directory, LogFiles.FILE_BYTES);
    try {
      if (log.lastIndex() < state.appliedIndex()) {
        throw new LogDamagedException(
            directory
                + " ends with entry "
                + log.lastIndex()
                + ", but the store has applied entry "
                + state.appliedIndex());
      }
      for (long index = state.appliedIndex() + 1; index <= log.lastIndex(); index++) {
        Object _ = outcome(state, parse(index, log.entry(index)));
        List<Transaction> _ = state.commit(index);
      }
    } catch (IOException | RuntimeException e) {
      log.close();
      throw e;
    }
    return new SingleMember(state, log, watchers);
  }

  /** Without a log on disk: nothing outlives the process. */
  public static SingleMember inMemory(StateMachine state, Consumer<List<Transaction>> watchers) {
    return new SingleMember(state, null, watchers);
  }

  private static Command parse(long index, @Nullable Entry entry) {
    if (entry == null) {
      throw new LogDamagedException("entry " + index + " is missing");
    }
    try {
      return Command.parseFrom(entry.content());
    } catch (InvalidProtocolBufferException e) {
      throw new LogDamagedException("entry " + index + " is no command: " + e.getMessage());
    }
  }

  /** Begins to take proposals. */
  public void start() {
    thread.start();
  }

  @Override
  public CompletableFuture<Message> propose(Command command) {
    Proposal proposal = new Proposal(command, new CompletableFuture<>());
    if (closed) {
      proposal.answer.completeExceptionally(EtcdError.STOPPED.exception());
    } else if (!waiting.offer(proposal)) {
      proposal.answer.completeExceptionally(EtcdError.TOO_MANY_REQUESTS.exception());
    }
    return proposal.answer;
  }

  /** Done when nothing is taken any more, also where that was not asked for. */
  public CompletableFuture<Void> ended() {
    return ended;
  }

  @Override
  public CompletableFuture<Void> caughtUp() {
    return CompletableFuture.completedFuture(null);
  }

  private void run() {
    List<Proposal> batch = new ArrayList<>();
    try {
      while (!closed) {
        boolean sweeping = state.store().sweep(SWEPT_KEYS);
        Proposal first = sweeping ? waiting.poll() : waiting.poll(100, TimeUnit.MILLISECONDS);
        if (first != null) {
          batch.add(first);
          int _ = waiting.drainTo(batch, MOST_TOGETHER - 1);
          handle(batch);
          batch.clear();
        } else if (sweeping) {
          watchers.accept(state.commit(index));
        }
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      // After a failed write it is not known what is in the log: nothing more is taken.
      closed = true;
      batch.addAll(waiting);
      batch.forEach(
          proposal -> proposal.answer.completeExceptionally(EtcdError.STOPPED.exception()));
      boolean _ = ended.complete(null);
    }
  }

  private void handle(List<Proposal> batch) throws IOException {
    if (log != null && !write(log, batch)) {
      return;
    }
    List<Object> outcomes = new ArrayList<>(batch.size());
    for (Proposal proposal : batch) {
      outcomes.add(outcome(state, proposal.command));
    }
    index += batch.size();
    watchers.accept(state.commit(index));
    for (int i = 0; i < batch.size(); i++) {
      CompletableFuture<Message> answer = batch.get(i).answer;
      boolean _ =
          switch (outcomes.get(i)) {
            case EtcdException refusal -> answer.completeExceptionally(refusal);
            case Message response -> answer.complete(response);
            default -> throw new IllegalStateException();
          };
    }
  }

  /** Says whether there was room; if not, it is tried again with the next batch. */
  private boolean write(LogFiles files, List<Proposal> batch) throws IOException {
    boolean newFile;
    try {
      List<Entry> entries = new ArrayList<>(batch.size());
      for (Proposal proposal : batch) {
        long at = index + entries.size() + 1;
        entries.add(new Entry(at, TERM, COMMAND, proposal.command.toByteArray()));
      }
      newFile = files.append(entries);
    } catch (NoSpaceException _) {
      batch.forEach(
          proposal -> proposal.answer.completeExceptionally(EtcdError.NO_SPACE.exception()));
      return false;
    }
    if (newFile) {
      state.engine().flush();
      files.truncatePrefix(state.appliedIndex() + 1);
    }
    return true;
  }

  private static Object outcome(StateMachine state, Command command) {
    try {
      return state.apply(command);
    } catch (EtcdException refusal) {
      return refusal;
    }
  }

  /** Takes no more, and ends with what is under way. */
  @Override
  public void close() throws IOException {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
    if (log != null) {
      log.close();
    }
  }

  private record Proposal(Command command, CompletableFuture<Message> answer) {}
}
