package io.cadastre.kv.raft;

import com.alipay.sofa.jraft.Closure;
import com.alipay.sofa.jraft.Node;
import com.alipay.sofa.jraft.entity.Task;
import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.contracts.kv.peer.ForwardRequest;
import io.cadastre.contracts.kv.peer.ForwardResponse;
import io.cadastre.kv.request.EtcdError;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Brings proposals to the leader, here or elsewhere. Each is given to one leader at a time, who
 * takes it in its term or never.
 */
final class Submission {

  private static final long AGAIN_MILLIS = 20;

  private final Waiting waiting;
  private final Supplier<Standing> standing;
  private final ScheduledExecutorService clock;
  private final Forwarding forwarding;
  private final Gathering gathering;
  private final TakenNumbers taken = new TakenNumbers();
  private volatile @Nullable Node node;

  /** The last term in which this member leads and whose first entry is on its way. */
  private volatile long begun;

  Submission(
      Waiting waiting, Others others, Supplier<Standing> standing, ScheduledExecutorService clock) {
    this.waiting = waiting;
    this.standing = standing;
    this.clock = clock;
    forwarding = new Forwarding(others, waiting, this::submitAllSoon);
    gathering = new Gathering(term -> new Batch(term, waiting, this::submitAllSoon), this::give);
  }

  /** From now on it can. */
  void begin(Node started) {
    node = started;
  }

  /** To be called on the thread that proposes. */
  void submit(Proposal proposal) {
    submit(proposal, proposal.turn);
  }

  private void submit(Proposal proposal, @Nullable Executor turn) {
    Standing now = standing.get();
    if (proposal.isTooLate(now)) {
      waiting.fail(proposal, EtcdError.LEADER_CHANGED);
      return;
    }
    boolean early = now.leading() && now.term() > begun;
    if (node == null || !now.hasLeader() || early || !proposal.claim(now.term())) {
      return;
    }
    if (now.leading()) {
      gathering.add(proposal, now.term(), turn);
    } else {
      forwarding.send(proposal, now);
    }
  }

  /** Submits what no leader has. On the clock's thread. */
  void submitAll() {
    waiting.forEach(proposal -> submit(proposal, clock));
  }

  void submitAllSoon() {
    if (!clock.isShutdown()) {
      ScheduledFuture<?> _ = clock.schedule(this::submitAll, AGAIN_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  private void give(Batch batch) {
    give(EntryContent.of(batch.proposals()), batch, batch.term());
  }

  private void give(ByteBuffer entry, Closure done, long term) {
    Node started = node;
    if (started == null) {
      throw new IllegalStateException("not started");
    }
    try {
      started.apply(new Task(entry, done, term));
    } catch (IllegalStateException _) {
      // It is shutting down, as the closure hears, too.
    }
  }

  /**
   * Begins a term with a command that nobody waits for. Nothing is taken before it: it may say who
   * the members are.
   */
  void lead(Command first, long term) {
    Taken.Listener nobody = _ -> {};
    give(EntryContent.ofEncoded(List.of(first.toByteString())), nobody, term);
    if (term > begun) {
      begun = term;
      submitAllSoon();
    }
  }

  /** Takes commands that another member gives to this one, for it leads. */
  CompletableFuture<ForwardResponse> accept(ForwardRequest request) {
    if (request.getSequencesCount() != request.getCommandsCount()) {
      return CompletableFuture.failedFuture(
          new IllegalArgumentException(
              "sequences: "
                  + request.getSequencesCount()
                  + " (allowed: one for each of the "
                  + request.getCommandsCount()
                  + " commands)"));
    }
    if (request.getTerm() > begun) {
      List<Integer> all = IntStream.range(0, request.getCommandsCount()).boxed().toList();
      return CompletableFuture.completedFuture(answer(Taken.REFUSED, all));
    }
    List<Integer> fresh = taken.take(request);
    if (fresh.isEmpty()) {
      return CompletableFuture.completedFuture(ForwardResponse.getDefaultInstance());
    }
    CompletableFuture<ForwardResponse> response = new CompletableFuture<>();
    Taken.Listener listener =
        heard -> {
          if (heard != Taken.PERHAPS) {
            taken.giveBack(request, fresh);
          }
          boolean _ = response.complete(answer(heard, fresh));
        };
    List<ByteString> commands = fresh.stream().map(request::getCommands).toList();
    give(EntryContent.ofEncoded(commands), listener, request.getTerm());
    return response;
  }

  private static ForwardResponse answer(Taken taken, List<Integer> places) {
    ForwardResponse.Builder response = ForwardResponse.newBuilder();
    switch (taken) {
      case REFUSED -> response.addAllRefused(places);
      case OVERLOADED -> response.addAllOverloaded(places);
      case PERHAPS -> {}
    }
    return response.build();
  }
}
