package io.cadastre.kv.history;

import io.cadastre.contracts.kv.CompactionRequest;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.KVGrpc.KVBlockingStub;
import io.cadastre.contracts.kv.RangeRequest;
import io.cadastre.contracts.kv.RangeResponse;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Compacts, and reads old revisions before and behind where it did. */
final class Compacting implements Beside {

  static final String COMPACTED = "required revision has been compacted";
  private static final long EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
  private static final int READS_TO_A_COMPACTION = 10;
  private static final int READ_AROUND = 200;
  private static final long NEVER = Long.MAX_VALUE;

  /** A compaction; {@code answered} is {@link #NEVER} where it is not known. */
  private record Compaction(long revision, long asked, long answered) {}

  /**
   * A read of the past.
   *
   * @param found null = it was refused, with this text
   */
  private record Past(
      String prefix,
      long revision,
      boolean mayBeStale,
      long asked,
      long answered,
      @Nullable Map<String, String> found,
      String refusal) {}

  private final Members members;
  private final HistoryWatcher told;
  private final LongSupplier nanos;
  private final Random random;
  private final List<Compaction> compactions = new ArrayList<>();
  private final List<Past> reads = new ArrayList<>();
  private long newest = 1;

  /**
   * Makes one.
   *
   * @param told nothing is compacted before it was told there: somebody has to know what happened
   */
  Compacting(Members members, HistoryWatcher told, LongSupplier nanos, long seed) {
    this.members = members;
    this.told = told;
    this.nanos = nanos;
    this.random = new Random(seed);
  }

  @Override
  public void run(BooleanSupplier over) {
    for (int i = 1; !over.getAsBoolean(); i++) {
      List<ManagedChannel> channels = members.channels();
      KVBlockingStub member =
          KVGrpc.newBlockingStub(channels.get(random.nextInt(channels.size())))
              .withDeadlineAfter(2, TimeUnit.SECONDS);
      if (i % READS_TO_A_COMPACTION == 0) {
        compact(member);
      } else {
        read(member);
      }
      LockSupport.parkNanos(EVERY_NANOS);
    }
  }

  private void compact(KVBlockingStub member) {
    long known = told.next() - 1;
    if (known <= newest + 1) {
      return;
    }
    long revision = random.nextLong(newest + 1, known + 1);
    newest = revision;
    long asked = nanos.getAsLong();
    long answered = NEVER;
    try {
      var _ =
          member.compact(
              CompactionRequest.newBuilder()
                  .setRevision(revision)
                  .setPhysical(random.nextBoolean())
                  .build());
      answered = nanos.getAsLong();
    } catch (StatusRuntimeException failure) {
      if (String.valueOf(failure.getMessage()).contains(COMPACTED)) {
        answered = nanos.getAsLong();
      }
    }
    compactions.add(new Compaction(revision, asked, answered));
  }

  private void read(KVBlockingStub member) {
    long known = told.next() - 1;
    if (known < 1) {
      return;
    }
    String prefix = Workload.group(random.nextInt(Trial.age(nanos.getAsLong()) + 1), 0).prefix();
    long revision = Math.clamp(newest + random.nextInt(-READ_AROUND, READ_AROUND), 1, known);
    boolean mayBeStale = random.nextBoolean();
    RangeRequest request =
        RangeRequest.newBuilder()
            .setKey(Wire.bytes(prefix))
            .setRangeEnd(Wire.behind(prefix))
            .setRevision(revision)
            .setSerializable(mayBeStale)
            .build();
    long asked = nanos.getAsLong();
    try {
      RangeResponse response = member.range(request);
      Map<String, String> found =
          response.getKvsList().stream()
              .collect(Collectors.toMap(kv -> kv.getKey().toStringUtf8(), Compacting::value));
      reads.add(new Past(prefix, revision, mayBeStale, asked, nanos.getAsLong(), found, ""));
    } catch (StatusRuntimeException failure) {
      if (!isNoAnswer(failure.getStatus())) {
        reads.add(
            new Past(
                prefix,
                revision,
                mayBeStale,
                asked,
                nanos.getAsLong(),
                null,
                String.valueOf(failure.getMessage())));
      }
    }
  }

  private static boolean isNoAnswer(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE, DEADLINE_EXCEEDED, CANCELLED -> true;
      // Who was promoted may be the last to learn of it, also after a restart.
      case FAILED_PRECONDITION ->
          "etcdserver: rpc not supported for learner".equals(status.getDescription());
      default -> false;
    };
  }

  private static String value(KeyValue kv) {
    return kv.getValue().toStringUtf8();
  }

  /** Up to which revision there may be nothing any more. */
  long newest() {
    return newest;
  }

  @Override
  public Optional<String> violation(Story story, List<Operation> history) {
    Map<String, String> state = new TreeMap<>();
    long at = 0;
    for (Past read : reads.stream().sorted(Comparator.comparingLong(Past::revision)).toList()) {
      story.run(at, read.revision, state);
      at = read.revision;
      Optional<String> wrong = wrong(read, state);
      if (wrong.isPresent()) {
        return wrong;
      }
    }
    return Optional.empty();
  }

  private Optional<String> wrong(Past read, Map<String, String> state) {
    if (read.found != null) {
      Map<String, String> right = new TreeMap<>(state);
      boolean _ = right.keySet().removeIf(key -> !key.startsWith(read.prefix));
      boolean gone =
          !read.mayBeStale
              && compactions.stream()
                  .anyMatch(each -> each.revision > read.revision && each.answered < read.asked);
      return gone
          ? Optional.of("read what was compacted: " + read)
          : right.equals(read.found)
              ? Optional.empty()
              : Optional.of("not true at its revision, where it is " + right + ": " + read);
    }
    boolean compacted =
        read.refusal.contains(COMPACTED)
            && compactions.stream()
                .anyMatch(each -> each.revision > read.revision && each.asked < read.answered);
    // Only who may be behind may not know of a revision yet.
    boolean future = read.refusal.contains("is a future revision") && read.mayBeStale;
    return compacted || future ? Optional.empty() : Optional.of("refused: " + read);
  }

  @Override
  public String summary() {
    return "%d compactions, up to %d, %d reads of the past, %d of them refused"
        .formatted(
            compactions.size(),
            newest,
            reads.size(),
            reads.stream().filter(read -> read.found == null).count());
  }
}
