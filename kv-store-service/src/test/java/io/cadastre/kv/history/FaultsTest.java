package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.kv.HashKVRequest;
import io.cadastre.contracts.kv.HashKVResponse;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What clients are told while members are killed and paused. A few seconds in the build; longer
 * with {@code -Dcadastre.kv.history.seconds=…} or {@code -Pfaults}. A run is told again with {@code
 * -Dcadastre.kv.history.seed=…}, as far as threads allow.
 */
class FaultsTest {

  private static final int SECONDS = Integer.getInteger("cadastre.kv.history.seconds", 12);
  private static final int PER_SECOND = Integer.getInteger("cadastre.kv.history.rate", 1_200);
  private static final int CLIENTS = 12;

  /** After so many seconds other keys are used. */
  private static final int AGE_SECONDS = 5;

  private static final long LONG_MILLIS = 60_000;

  /** A key that no client asks for. */
  private static final String MARK = "mark";

  private final long seed = Long.getLong("cadastre.kv.history.seed", System.nanoTime());
  private final Queue<Operation> history = new ConcurrentLinkedQueue<>();
  private final List<ManagedChannel> channels = new ArrayList<>();
  private final Wire wire = new Wire();
  private final long began = System.nanoTime();

  @TempDir private Path directory;

  @Test
  void oneMemberKeepsItsPromisesWhileItIsKilledAndPaused() throws Exception {
    try (Members members = Members.start(directory, 1)) {
      run(members);
    }
  }

  @Test
  void threeMembersKeepTheirPromisesWhileTheyAreKilledPausedAndCutOff() throws Exception {
    try (Members members = Members.start(directory, 3)) {
      run(members);
    }
  }

  private void run(Members members) throws Exception {
    for (int port : members.ports()) {
      channels.add(NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build());
    }
    long _ = mark(Workload.PREFIX);
    long until = nanos() + TimeUnit.SECONDS.toNanos(SECONDS);
    Nemesis nemesis = new Nemesis(seed, Nemesis.faults(members), this::nanos);
    HistoryWatcher everything = new HistoryWatcher(Workload.PREFIX, channels, 0);
    HistoryWatcher oneGroup =
        new HistoryWatcher(Workload.group(0, 0).prefix(), channels, channels.size() - 1);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
        everything;
        oneGroup) {
      List<Future<?>> asking = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        Callable<?> asks = () -> ask(number, until);
        asking.add(clients.submit(asks));
      }
      nemesis.rage(until, () -> channels.forEach(ManagedChannel::resetConnectBackoff));
      for (Future<?> each : asking) {
        each.get();
      }
      long last = mark(Workload.PREFIX);
      everything.awaitRevision(last, LONG_MILLIS);
      oneGroup.awaitRevision(mark(oneGroup.prefix()), LONG_MILLIS);
      check(nemesis, story(last), List.of(everything, oneGroup));
    } catch (Exception | AssertionError failure) {
      System.out.printf("history: seed %d, %s%n", seed, nemesis.done());
      members.all().forEach(member -> System.out.println(member.output()));
      throw failure;
    } finally {
      channels.forEach(ManagedChannel::shutdownNow);
    }
  }

  private Object ask(int number, long until) {
    HistoryClient client = new HistoryClient(number, channels, wire, this::nanos);
    Workload workload = new Workload("c" + number, seed + number + 1);
    long everyNanos = TimeUnit.SECONDS.toNanos(1) * CLIENTS / PER_SECOND;
    while (nanos() < until) {
      long next = nanos() + everyNanos;
      Request request =
          workload.next((int) (TimeUnit.NANOSECONDS.toSeconds(nanos()) / AGE_SECONDS));
      boolean mayBeStale =
          request.single().isPresent() && !request.mayWrite() && !workload.nextIsPatient();
      Optional<Operation> done = client.ask(request, mayBeStale);
      done.ifPresent(operation -> {
        workload.learn(operation);
        history.add(operation);
      });
      LockSupport.parkNanos(next - nanos());
    }
    return number;
  }

  /** Writes something last, to know when everything was told. */
  private long mark(String prefix) {
    PutRequest request = PutRequest.newBuilder().setKey(Wire.bytes(prefix + MARK)).build();
    return patiently(
        () -> KVGrpc.newBlockingStub(channels.getFirst()).put(request).getHeader().getRevision());
  }

  /** Members that were just mended may need an election, but not for ever. */
  private <T> T patiently(Supplier<T> call) {
    long until = nanos() + TimeUnit.MILLISECONDS.toNanos(LONG_MILLIS);
    while (true) {
      try {
        return call.get();
      } catch (StatusRuntimeException failure) {
        if (failure.getStatus().getCode() != Status.Code.UNAVAILABLE || nanos() > until) {
          throw failure;
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
      }
    }
  }

  /** What every member says that happened, which must be the same. */
  private List<Change> story(long upTo) throws InterruptedException {
    Set<List<Change>> stories = new HashSet<>();
    for (ManagedChannel channel : channels) {
      try (HistoryWatcher watcher = new HistoryWatcher(Workload.PREFIX, List.of(channel), 0)) {
        watcher.awaitRevision(upTo, LONG_MILLIS);
        stories.add(
            watcher.told().stream()
                .map(WatchRules.Told::changes)
                .flatMap(Collection::stream)
                .filter(FaultsTest::isAskedFor)
                .toList());
      }
    }
    assertThat(stories).as("what members say that happened, seed %d", seed).hasSize(1);
    return stories.iterator().next();
  }

  private static boolean isAskedFor(Change change) {
    return !change.key().endsWith(MARK);
  }

  private void check(Nemesis nemesis, List<Change> story, List<HistoryWatcher> watchers) {
    List<Operation> operations = List.copyOf(history);
    long answered = operations.stream().filter(each -> each.answer() != null).count();
    System.out.printf(
        "history: seed %d, %d operations answered, %d not known, %d changes, watches interrupted"
            + " %s, %s%n",
        seed,
        answered,
        operations.size() - answered,
        story.size(),
        watchers.stream().map(HistoryWatcher::interruptions).toList(),
        nemesis.done());
    List<String> violations = new ArrayList<>();
    List<Operation> current =
        operations.stream()
            .filter(each -> !each.mayBeStale() && !Workload.readsManyGroups(each.request()))
            .toList();
    Linearizability.violation(current).ifPresent(violations::add);
    RevisionRules.violation(operations).ifPresent(violations::add);
    new Story(story).violation(operations).ifPresent(violations::add);
    for (HistoryWatcher watcher : watchers) {
      List<Change> expected =
          story.stream().filter(each -> each.key().startsWith(watcher.prefix())).toList();
      List<WatchRules.Told> told =
          watcher.told().stream()
              .map(each ->
                  new WatchRules.Told(
                      each.revision(),
                      each.changes().stream().filter(FaultsTest::isAskedFor).toList()))
              .toList();
      WatchRules.violation(1, told, expected).ifPresent(violations::add);
    }
    assertThat(hashes()).as("HashKV of the members").hasSize(1);
    assertThat(violations).as("seed %d, %s", seed, nemesis.done()).isEmpty();
    assertThat(answered).as("enough happened").isGreaterThan(SECONDS * 50L);
  }

  private Set<Integer> hashes() {
    long revision = mark(Workload.PREFIX);
    Set<Integer> hashes = new HashSet<>();
    for (ManagedChannel channel : channels) {
      awaitCurrent(channel);
      HashKVResponse response =
          MaintenanceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(LONG_MILLIS, TimeUnit.MILLISECONDS)
              .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
      hashes.add(response.getHash());
    }
    return hashes;
  }

  /** A linearizable read is answered by a member that has everything from before. */
  private void awaitCurrent(ManagedChannel channel) {
    RangeRequest request = RangeRequest.newBuilder().setKey(Wire.bytes(MARK)).build();
    long _ = patiently(() -> KVGrpc.newBlockingStub(channel).range(request).getCount());
  }

  private long nanos() {
    return System.nanoTime() - began;
  }
}
