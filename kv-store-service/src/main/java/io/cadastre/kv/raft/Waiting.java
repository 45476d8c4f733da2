package io.cadastre.kv.raft;

import io.cadastre.contracts.kv.command.Command;
import io.cadastre.kv.request.EtcdError;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The proposals of this member that are not answered yet. */
final class Waiting {

  private static final int MOST = 65_536;

  /** Of all commands together: some of the memory, whatever its size. */
  static final long MOST_BYTES = Math.max(16 << 20, Runtime.getRuntime().maxMemory() / 8);

  private final long member;

  /** Begins anywhere, so that what a former process proposed is not taken for ours. */
  private final long firstSequence = new SecureRandom().nextLong();

  private final AtomicLong sequence = new AtomicLong(firstSequence);

  private final Map<Long, Proposal> proposals = new ConcurrentHashMap<>();
  private final AtomicLong bytes = new AtomicLong();

  private final LongAdder failed = new LongAdder();

  Waiting(long member) {
    this.member = member;
  }

  Proposal add(Command.Builder command, long deadlineNanos, long onlyIn, @Nullable Executor turn) {
    if (proposals.size() >= MOST || bytes.get() >= MOST_BYTES) {
      throw EtcdError.TOO_MANY_REQUESTS.exception();
    }
    long number = sequence.getAndIncrement();
    Proposal proposal =
        new Proposal(
            command.setMember(member).setSequence(number).build(), deadlineNanos, onlyIn, turn);
    long _ = bytes.addAndGet(proposal.command.getSerializedSize());
    proposals.put(number, proposal);
    return proposal;
  }

  /** Whose proposals they are. */
  long member() {
    return member;
  }

  /** From where this process counts its proposals. */
  long firstSequence() {
    return firstSequence;
  }

  /** The proposal that a command of the log is; null where nobody here waits for it. */
  @Nullable Proposal take(Command command) {
    Proposal taken = command.getMember() == member ? proposals.remove(command.getSequence()) : null;
    if (taken != null) {
      forget(taken);
    }
    return taken;
  }

  private void forget(Proposal proposal) {
    long _ = bytes.addAndGet(-proposal.command.getSerializedSize());
  }

  void forEach(Consumer<Proposal> visitor) {
    proposals.values().forEach(visitor);
  }

  void fail(Proposal proposal, EtcdError error) {
    if (proposals.remove(proposal.command.getSequence(), proposal)) {
      failed.increment();
      forget(proposal);
      boolean _ = proposal.answer.completeExceptionally(error.exception());
    }
  }

  int pending() {
    return proposals.size();
  }

  /** How many were not agreed on, or not in time. */
  long failed() {
    return failed.sum();
  }

  void failAll(EtcdError error) {
    proposals.values().forEach(proposal -> fail(proposal, error));
  }

  void failLate(long nowNanos) {
    for (Proposal proposal : proposals.values()) {
      if (proposal.deadlineNanos - nowNanos < 0) {
        fail(proposal, proposal.wasLost() ? EtcdError.TIMEOUT_LEADER_FAILED : EtcdError.TIMEOUT);
      }
    }
  }
}
