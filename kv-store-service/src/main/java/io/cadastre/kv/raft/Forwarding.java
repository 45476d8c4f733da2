package io.cadastre.kv.raft;

import io.cadastre.contracts.kv.peer.ForwardRequest;
import io.cadastre.contracts.kv.peer.ForwardResponse;
import io.cadastre.kv.request.EtcdError;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** Gives proposals to a leader elsewhere: what comes while one call is made goes with the next. */
final class Forwarding {

  private static final int MOST_TOGETHER = 256;
  private static final int MOST_BYTES = 1 << 20;

  private record Parcel(Proposal proposal, Standing to) {}

  private final Others others;
  private final Waiting waiting;
  private final Runnable submitAgain;
  private final Queue<Parcel> parcels = new ConcurrentLinkedQueue<>();
  private final AtomicInteger reasons = new AtomicInteger();

  Forwarding(Others others, Waiting waiting, Runnable submitAgain) {
    this.others = others;
    this.waiting = waiting;
    this.submitAgain = submitAgain;
  }

  void send(Proposal proposal, Standing to) {
    parcels.add(new Parcel(proposal, to));
    if (reasons.getAndIncrement() == 0) {
      sendAll();
    }
  }

  private void sendAll() {
    int seen;
    do {
      seen = reasons.get();
      while (!parcels.isEmpty()) {
        sendSome();
      }
    } while (!reasons.compareAndSet(seen, 0));
  }

  private void sendSome() {
    List<Proposal> together = new ArrayList<>();
    Parcel first = parcels.element();
    ForwardRequest.Builder request =
        ForwardRequest.newBuilder()
            .setTerm(first.to.term())
            .setMember(waiting.member())
            .setFirstSequence(waiting.firstSequence());
    int bytes = 0;
    for (Parcel next = first;
        next != null
            && next.to.equals(first.to)
            && together.size() < MOST_TOGETHER
            && bytes < MOST_BYTES;
        next = parcels.peek()) {
      Parcel _ = parcels.remove();
      request
          .addCommands(next.proposal.command.toByteString())
          .addSequences(next.proposal.command.getSequence());
      bytes += next.proposal.command.getSerializedSize();
      together.add(next.proposal);
    }
    CompletableFuture<?> _ =
        others
            .forward(first.to.leader(), request.build())
            .whenComplete((response, failure) -> {
              if (failure == null) {
                heard(response, together, first.to.term());
              } else {
                together.forEach(proposal -> proposal.lose(first.to.term()));
                submitAgain.run();
              }
            });
  }

  private void heard(ForwardResponse response, List<Proposal> together, long term) {
    for (int place : response.getOverloadedList()) {
      if (together.get(place).release(term)) {
        waiting.fail(together.get(place), EtcdError.TOO_MANY_REQUESTS);
      }
    }
    for (int place : response.getRefusedList()) {
      boolean _ = together.get(place).release(term);
    }
    if (response.getRefusedCount() > 0) {
      submitAgain.run();
    }
  }
}
