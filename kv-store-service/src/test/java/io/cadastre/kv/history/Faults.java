package io.cadastre.kv.history;

import io.cadastre.contracts.kv.MaintenanceGrpc;
import io.cadastre.contracts.kv.StatusRequest;
import io.cadastre.kv.history.Nemesis.Fault;
import io.cadastre.kv.history.Nemesis.Mending;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** What members can suffer. */
final class Faults {

  private static final long MOST_STORM_MILLIS = 1_500;

  /** The state is saved this often, where somebody is to be left behind the log. */
  static final int SAVED_EVERY = 150;

  /** More entries than a member may have that its peers do not know to be agreed on. */
  private static final long FAR_BEHIND = 100;

  private static final long BEHIND_NANOS = TimeUnit.SECONDS.toNanos(90);

  private final Members members;

  Faults(Members members) {
    this.members = members;
  }

  /** Of a member that is alone. */
  List<Fault> alone() {
    return List.of(_ -> killed(members.all()), random -> paused(List.of(any(random))));
  }

  /** Of several: of who leads, of all together, of a minority. */
  List<Fault> together() {
    return List.of(
        random -> killed(List.of(leader(random))),
        random -> cutOff(leader(random), true, true),
        _ -> killed(members.all()),
        random -> paused(List.of(leader(random))),
        random -> cutOff(leader(random), true, false),
        random -> killed(some(random)));
  }

  /** All of them: for minutes. */
  List<Fault> everything() {
    List<Fault> all = new ArrayList<>(together());
    all.add(random -> cutOff(leader(random), false, true));
    all.add(random -> cutOff(any(random), true, true));
    all.add(random -> paused(some(random)));
    all.add(this::leftBehind);
    return all;
  }

  /** Of the membership, and to who is far behind. */
  List<Fault> changes() {
    return List.of(this::replaced, this::leftBehind, this::replaced);
  }

  private Place any(Random random) {
    List<Place> all = members.all();
    return all.get(random.nextInt(all.size()));
  }

  private Place leader(Random random) {
    return members.leader().orElseGet(() -> any(random));
  }

  /** As many as the others can do without; a member alone is its own majority. */
  private List<Place> some(Random random) {
    List<Place> all = members.all();
    int most = Math.max(1, (all.size() - 1) / 2);
    int first = random.nextInt(all.size());
    List<Place> some = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(most); i++) {
      some.add(all.get((first + i) % all.size()));
    }
    return some;
  }

  /** One member hears nothing of the others, or they nothing of it, or both. */
  private Mending cutOff(Place member, boolean deaf, boolean dumb) {
    for (Place other : members.all()) {
      if (!other.equals(member) && deaf) {
        members.cut(other, member);
      }
      if (!other.equals(member) && dumb) {
        members.cut(member, other);
      }
    }
    return mending(
        "cut off " + member + (deaf ? " deaf" : "") + (dumb ? " dumb" : ""), members::heal);
  }

  private static Mending killed(List<Place> killed) throws InterruptedException {
    for (Place place : killed) {
      place.process().kill();
    }
    return mending(
        "killed " + killed,
        () -> {
          List<CompletableFuture<Void>> ready =
              killed.stream().map(place -> place.process().restart()).toList();
          ready.forEach(CompletableFuture::join);
        });
  }

  private static Mending paused(List<Place> paused) throws Exception {
    for (Place place : paused) {
      place.process().pause();
    }
    return mending(
        "paused " + paused,
        () -> {
          for (Place place : paused) {
            place.process().resume();
          }
        });
  }

  /** One is down for so long that it needs more than the log, and gets it. */
  private Mending leftBehind(Random random) throws Exception {
    Place late = any(random);
    long takenOver = StatesOnDisk.takenOver(late.data());
    late.process().kill();
    long has = committed() + FAR_BEHIND;
    return mending(
        "left behind " + late,
        () -> {
          awaitLogsBehind(late, has);
          late.process().restart().join();
          if (StatesOnDisk.takenOver(late.data()) == takenOver) {
            throw new IllegalStateException(late + " did not take over another's state");
          }
        });
  }

  /** A member keeps the log back to the state that it saved before the last. */
  private void awaitLogsBehind(Place late, long index) {
    Map<Place, Set<Long>> saved = new HashMap<>();
    long until = System.nanoTime() + BEHIND_NANOS;
    do {
      if (System.nanoTime() - until > 0) {
        throw new IllegalStateException(late + " is not far behind, others saved " + saved);
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      for (Place other : members.all()) {
        if (!other.equals(late)) {
          saved
              .computeIfAbsent(other, _ -> new TreeSet<>())
              .addAll(StatesOnDisk.saved(other.data()));
        }
      }
    } while (!saved.values().stream()
        .allMatch(each -> each.stream().filter(state -> state > index).count() >= 2));
  }

  private long committed() {
    return members.ask(channel ->
        MaintenanceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(1, TimeUnit.SECONDS)
            .status(StatusRequest.getDefaultInstance())
            .getRaftIndex());
  }

  /** A new member takes the place of an old one, while something happens to somebody else. */
  private Mending replaced(Random random) throws Exception {
    Place old = random.nextBoolean() ? leader(random) : any(random);
    int moment = random.nextInt(4);
    CompletableFuture<String> other = new CompletableFuture<>();
    Place fresh = members.prepare();
    befalls(moment == 0, old, random, other);
    long id = members.add(fresh);
    befalls(moment == 1, old, random, other);
    members.join(fresh);
    befalls(moment == 2, old, random, other);
    members.promote(fresh, id);
    befalls(moment == 3, old, random, other);
    members.remove(old);
    String happened = other.join();
    members.forget(old);
    return mending("replaced " + old + " by " + fresh + ", " + happened, () -> {});
  }

  private void befalls(
      boolean now, Place spared, Random random, CompletableFuture<String> happened) {
    if (!now) {
      return;
    }
    long storm = random.nextLong(MOST_STORM_MILLIS);
    int kind = random.nextInt(3);
    Place victim =
        members
            .leader()
            .filter(leader -> !leader.equals(spared))
            .orElseGet(() ->
                members.all().stream()
                    .filter(each -> !each.equals(spared))
                    .findFirst()
                    .orElseThrow());
    Thread _ =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Mending mending =
                    switch (kind) {
                      case 0 -> killed(List.of(victim));
                      case 1 -> paused(List.of(victim));
                      default -> cutOff(victim, true, true);
                    };
                LockSupport.parkNanos(storm * 1_000_000);
                mending.mend();
                boolean _ = happened.complete(mending.name());
              } catch (Exception failure) {
                boolean _ = happened.completeExceptionally(new CompletionException(failure));
              }
            });
  }

  private static Mending mending(String name, Mend mend) {
    return new Mending() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public void mend() throws Exception {
        mend.run();
      }
    };
  }

  private interface Mend {
    void run() throws Exception;
  }
}
