package io.cadastre.kv.serve;

import com.google.protobuf.Message;
import io.cadastre.contracts.kv.command.Command;
import io.cadastre.kv.metrics.MetricsText;
import io.cadastre.kv.raft.Proposals;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;

/** Counts the questions how far the log is that are answered late, or never. */
final class CountedReads implements Proposals {

  /** Where an ordinary question takes a round of heartbeats. */
  private static final long SLOW_NANOS = Duration.ofMillis(500).toNanos();

  private final Proposals proposals;
  private final LongSupplier nanos;
  private final LongAdder slow = new LongAdder();
  private final LongAdder failed = new LongAdder();

  CountedReads(Proposals proposals, LongSupplier nanos) {
    this.proposals = proposals;
    this.nanos = nanos;
  }

  @Override
  public CompletableFuture<Message> propose(Command.Builder command) {
    return proposals.propose(command);
  }

  @Override
  public CompletableFuture<Message> proposeIn(long term, Command.Builder command) {
    return proposals.proposeIn(term, command);
  }

  @Override
  public CompletableFuture<Void> caughtUp() {
    long asked = nanos.getAsLong();
    return proposals
        .caughtUp()
        .whenComplete((_, failure) -> {
          if (failure != null) {
            failed.increment();
          }
          if (nanos.getAsLong() - asked > SLOW_NANOS) {
            slow.increment();
          }
        });
  }

  void write(MetricsText text) {
    text.counter("etcd_server_slow_read_indexes_total", "Answered late.", slow.sum());
    text.counter("etcd_server_read_indexes_failed_total", "Never answered.", failed.sum());
  }
}
