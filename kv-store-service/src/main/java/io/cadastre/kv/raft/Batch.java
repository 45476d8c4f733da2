package io.cadastre.kv.raft;

import io.cadastre.kv.request.EtcdError;
import java.util.ArrayList;
import java.util.List;

/** Proposals that this member puts into the log as one entry, because it leads in a term. */
final class Batch implements Taken.Listener {

  /** Small enough that others need not wait for one, however many there are. */
  private static final int MOST_BYTES = 256 << 10;

  private static final int MOST_PROPOSALS = 1_024;

  private final long term;
  private final Waiting waiting;
  private final Runnable whenRefused;
  private final List<Proposal> proposals = new ArrayList<>();
  private int bytes;

  Batch(long term, Waiting waiting, Runnable whenRefused) {
    this.term = term;
    this.waiting = waiting;
    this.whenRefused = whenRefused;
  }

  long term() {
    return term;
  }

  boolean isFull() {
    return bytes >= MOST_BYTES || proposals.size() >= MOST_PROPOSALS;
  }

  void add(Proposal proposal) {
    proposals.add(proposal);
    bytes += proposal.command.getSerializedSize();
  }

  List<Proposal> proposals() {
    return proposals;
  }

  @Override
  public void heard(Taken taken) {
    switch (taken) {
      case REFUSED -> {
        for (Proposal proposal : proposals) {
          boolean _ = proposal.release(term);
        }
        whenRefused.run();
      }
      case OVERLOADED ->
          proposals.forEach(proposal -> waiting.fail(proposal, EtcdError.TOO_MANY_REQUESTS));
      case PERHAPS -> {}
    }
  }
}
