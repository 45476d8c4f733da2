package io.cadastre.kv.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.kv.HashKVRequest;
import io.cadastre.contracts.kv.KVGrpc;
import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.contracts.kv.RangeRequest;
import io.grpc.ManagedChannel;
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
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Clients that make a history while bad things happen to members, and all rules that it has to keep
 * then. It goes on until there were as many operations as planned, however long that takes.
 */
final class Trial {

  /** What is planned for a second. */
  static final int OPERATIONS_PER_SECOND = 200;

  /** More than that where nothing is wrong: faults take their time. */
  private static final int PER_SECOND = Integer.getInteger("cadastre.kv.history.rate", 1_200);

  private static final int CLIENTS = 16;

  /** After so many seconds other keys are used. */
  private static final int AGE_SECONDS = 5;

  private static final long LONG_MILLIS = 90_000;
  private static final long CALL_SECONDS = 10;

  /** Who has not come so far by now never will. */
  private static final long MOST_NANOS = TimeUnit.MINUTES.toNanos(20);

  /** However long the history, it is looked at so many revisions of it. */
  private static final long MOST_LOOKED_AT = 4_000;

  /** A key that no client asks for. */
  private static final String MARK = "mark";

  private final Members members;
  private final long seed;
  private final int operations;
  private final Wire wire = new Wire();
  private final Queue<Operation> history = new ConcurrentLinkedQueue<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final List<Beside> besides = new ArrayList<>();
  private final long began = System.nanoTime();
  private final HistoryWatcher everything;
  private final List<HistoryWatcher> watchers;

  /**
   * Makes one.
   *
   * @param seconds planned, of {@link #OPERATIONS_PER_SECOND}
   */
  Trial(Members members, long seed, int seconds) {
    this.members = members;
    this.seed = seed;
    this.operations = seconds * OPERATIONS_PER_SECOND;
    long _ = mark(Workload.PREFIX);
    everything = new HistoryWatcher(Workload.PREFIX, members::channels, 0);
    watchers =
        List.of(
            everything,
            new HistoryWatcher(Workload.group(0, 0).prefix(), members::channels, 1),
            new HistoryWatcher(Workload.PREFIX + "0/", members::channels, 2));
  }

  Trial withLeases() {
    besides.add(new Leasing(members, this::nanos, seed));
    return this;
  }

  Trial withUpkeep() {
    besides.add(new Upkeep(members, this::nanos));
    return this;
  }

  Trial withCompaction() {
    besides.add(new Compacting(members, everything, this::nanos, seed));
    return this;
  }

  /** Lets it happen, and checks. */
  void run(List<Nemesis.Fault> faults) throws Exception {
    int between = Math.min(OPERATIONS_PER_SECOND, operations / (2 * faults.size()));
    Nemesis nemesis = new Nemesis(seed, faults, answered::get, between, this::isEnough);
    AtomicBoolean over = new AtomicBoolean();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> running = new ArrayList<>();
      for (int client = 0; client < CLIENTS; client++) {
        int number = client;
        running.add(threads.submit((Callable<Object>) () -> ask(number, over)));
      }
      for (Beside beside : besides) {
        running.add(
            threads.submit(
                (Callable<Object>)
                    () -> {
                      beside.run(over::get);
                      return beside;
                    }));
      }
      try {
        nemesis.rage(members);
      } finally {
        over.set(true);
      }
      long seconds = TimeUnit.NANOSECONDS.toSeconds(nanos());
      for (Future<?> each : running) {
        var _ = each.get();
      }
      check(nemesis, seconds);
    } catch (Exception | AssertionError failure) {
      System.out.printf("history: seed %d, %s: %s%n", seed, nemesis.done(), failure);
      members.output().forEach(System.out::println);
      throw failure;
    } finally {
      watchers.forEach(HistoryWatcher::close);
    }
  }

  /** Which keys are used at a time. */
  static int age(long nanos) {
    return (int) (TimeUnit.NANOSECONDS.toSeconds(nanos) / AGE_SECONDS);
  }

  private Object ask(int number, AtomicBoolean over) {
    HistoryClient client = new HistoryClient(number, members::channels, wire, this::nanos);
    Workload workload = new Workload("c" + number, seed + number + 1);
    long everyNanos = TimeUnit.SECONDS.toNanos(1) * CLIENTS / PER_SECOND;
    while (!over.get()) {
      long next = nanos() + everyNanos;
      Request request = workload.next(age(nanos()));
      boolean mayBeStale =
          request.single().isPresent() && !request.mayWrite() && !workload.nextIsPatient();
      Optional<Operation> done = client.ask(request, mayBeStale);
      done.ifPresent(operation -> {
        workload.learn(operation);
        history.add(operation);
        if (operation.answer() != null) {
          int _ = answered.incrementAndGet();
        }
      });
      LockSupport.parkNanos(next - nanos());
    }
    return number;
  }

  private boolean isEnough() {
    return answered.get() >= operations || nanos() > MOST_NANOS;
  }

  /** Writes something last, to know when everything was told. */
  private long mark(String prefix) {
    PutRequest request = PutRequest.newBuilder().setKey(Wire.bytes(prefix + MARK)).build();
    return members.ask(channel ->
        KVGrpc.newBlockingStub(channel)
            .withDeadlineAfter(CALL_SECONDS, TimeUnit.SECONDS)
            .put(request)
            .getHeader()
            .getRevision());
  }

  private void check(Nemesis nemesis, long seconds) throws Exception {
    for (HistoryWatcher watcher : watchers) {
      watcher.awaitRevision(mark(watcher.prefix()), LONG_MILLIS);
    }
    long last = mark(Workload.PREFIX);
    everything.awaitRevision(last, LONG_MILLIS);
    List<Change> whole = changes(everything).toList();
    List<Change> asked = whole.stream().filter(Trial::isAskedFor).toList();
    List<Operation> done = List.copyOf(history);
    System.out.printf(
        "history: seed %d, %d operations answered in %d s (%d a second, at most %d in one), %d not"
            + " known, %d changes, watches interrupted %s, %s, %s%n",
        seed,
        answered.get(),
        seconds,
        answered.get() / Math.max(1, seconds),
        peak(done),
        done.size() - answered.get(),
        asked.size(),
        watchers.stream().map(HistoryWatcher::interruptions).toList(),
        besides.stream().map(Beside::summary).toList(),
        nemesis.done());
    List<String> violations = new ArrayList<>();
    Linearizability.violation(
            done.stream()
                .filter(each -> !each.mayBeStale() && !Workload.readsManyGroups(each.request()))
                .toList())
        .ifPresent(violations::add);
    RevisionRules.violation(done).ifPresent(violations::add);
    new Story(asked).violation(done).ifPresent(violations::add);
    for (Beside beside : besides) {
      beside.violation(new Story(whole), done).ifPresent(violations::add);
    }
    for (HistoryWatcher watcher : watchers) {
      watched(watcher, whole).ifPresent(violations::add);
      if (watcher.previousMissing() > 0 && whatIsLeft() <= 1) {
        violations.add(watcher.prefix() + ": not told what was there before");
      }
    }
    long from = whatIsLeft();
    everyoneTells(from, last, whole);
    PastRules.violation(
            members.channels(), Workload.PREFIX, Math.max(from, last - MOST_LOOKED_AT), last, whole)
        .ifPresent(violations::add);
    assertThat(hashes(last)).as("HashKV of the members, seed %d", seed).hasSize(1);
    assertThat(violations).as("seed %d, %s", seed, nemesis.done()).isEmpty();
    assertThat(answered.get()).as("operations, seed %d", seed).isGreaterThanOrEqualTo(operations);
  }

  /** The most that were answered within a second. */
  private static long peak(List<Operation> done) {
    return done.stream()
        .filter(each -> each.answer() != null)
        .collect(
            Collectors.groupingBy(
                each -> TimeUnit.NANOSECONDS.toSeconds(each.returned()), Collectors.counting()))
        .values()
        .stream()
        .mapToLong(each -> each)
        .max()
        .orElse(0);
  }

  private static Stream<Change> changes(HistoryWatcher watcher) {
    return watcher.told().stream().map(WatchRules.Told::changes).flatMap(Collection::stream);
  }

  private static boolean isAskedFor(Change change) {
    return !change.key().endsWith(MARK);
  }

  private static Optional<String> watched(HistoryWatcher watcher, List<Change> whole) {
    List<Change> expected =
        whole.stream()
            .filter(each -> each.key().startsWith(watcher.prefix()))
            .filter(each ->
                watcher.gaps().stream()
                    .noneMatch(gap -> gap.from() <= each.revision() && each.revision() < gap.to()))
            .toList();
    return WatchRules.violation(1, watcher.told(), expected);
  }

  /** The first revision that nobody may have compacted. */
  private long whatIsLeft() {
    return besides.stream()
        .filter(Compacting.class::isInstance)
        .map(Compacting.class::cast)
        .mapToLong(Compacting::newest)
        .findFirst()
        .orElse(1);
  }

  /** What every member says that happened must be the same. */
  private void everyoneTells(long from, long last, List<Change> whole) throws Exception {
    List<Change> expected = whole.stream().filter(each -> each.revision() > from).toList();
    for (ManagedChannel channel : members.channels()) {
      try (HistoryWatcher watcher =
          new HistoryWatcher(Workload.PREFIX, from + 1, () -> List.of(channel), 0, _ -> {})) {
        watcher.awaitRevision(last, LONG_MILLIS);
        assertThat(changes(watcher).filter(each -> each.revision() <= last).toList())
            .as("what a member says that happened, seed %d", seed)
            .isEqualTo(expected);
      }
    }
  }

  private Set<String> hashes(long revision) {
    Set<String> hashes = new HashSet<>();
    for (ManagedChannel channel : members.channels()) {
      awaitCurrent(channel);
      var response =
          MaintenanceGrpc.newBlockingStub(channel)
              .withDeadlineAfter(LONG_MILLIS, TimeUnit.MILLISECONDS)
              .hashKV(HashKVRequest.newBuilder().setRevision(revision).build());
      hashes.add(response.getHash() + " since " + response.getCompactRevision());
    }
    return hashes;
  }

  /** A linearizable read is answered by a member that has everything from before. */
  private static void awaitCurrent(ManagedChannel channel) {
    var _ =
        KVGrpc.newBlockingStub(channel)
            .withDeadlineAfter(LONG_MILLIS, TimeUnit.MILLISECONDS)
            .range(RangeRequest.newBuilder().setKey(Wire.bytes(MARK)).build());
  }

  private long nanos() {
    return System.nanoTime() - began;
  }
}
