package io.cadastre.kv.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** Does one bad thing after another to members, of a seed, and mends each. */
final class Nemesis {

  private static final long CALM_MILLIS = 800;
  private static final long MOST_STORM_MILLIS = 1_500;

  private final Random random;
  private final List<Fault> faults;
  private final LongSupplier nanos;
  private final List<String> done = new ArrayList<>();

  Nemesis(long seed, List<Fault> faults, LongSupplier nanos) {
    this.random = new Random(seed);
    this.faults = List.copyOf(faults);
    this.nanos = nanos;
  }

  /** Something bad; what it does to whom comes of chance. */
  interface Fault {

    /** Does it; the answer mends it. */
    Mending strike(Random random) throws Exception;
  }

  /** How a fault is mended. */
  interface Mending {

    /** What was done, in a word. */
    String name();

    void mend() throws Exception;
  }

  /** What so many members can suffer. */
  static List<Fault> faults(Members members) {
    Fault all = _ -> killed(members.all());
    Fault paused = random -> paused(some(members, random));
    if (members.all().size() == 1) {
      return List.of(all, paused);
    }
    return List.of(
        random -> killed(List.of(members.all().get(leader(members, random)))),
        random -> cutOff(members, leader(members, random), true, true),
        random -> paused(List.of(members.all().get(leader(members, random)))),
        random -> cutOff(members, leader(members, random), true, false),
        all,
        random -> killed(some(members, random)),
        random -> cutOff(members, leader(members, random), false, true),
        random -> cutOff(members, random.nextInt(members.all().size()), true, true),
        paused);
  }

  private static int leader(Members members, Random random) {
    return members.leader().orElseGet(() -> random.nextInt(members.all().size()));
  }

  /** One member hears nothing of the others, or they nothing of it, or both. */
  private static Mending cutOff(Members members, int member, boolean deaf, boolean dumb) {
    for (int other = 0; other < members.all().size(); other++) {
      if (other != member && deaf) {
        members.cut(other, member);
      }
      if (other != member && dumb) {
        members.cut(member, other);
      }
    }
    return new Mending() {
      @Override
      public String name() {
        return "cut off " + member + (deaf ? " deaf" : "") + (dumb ? " dumb" : "");
      }

      @Override
      public void mend() {
        members.heal();
      }
    };
  }

  /** As many as the others can do without; a member alone is its own majority. */
  private static List<MemberProcess> some(Members members, Random random) {
    int all = members.all().size();
    int most = Math.max(1, (all - 1) / 2);
    int first = random.nextInt(all);
    List<MemberProcess> some = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(most); i++) {
      some.add(members.all().get((first + i) % all));
    }
    return some;
  }

  private static Mending killed(List<MemberProcess> killed) throws InterruptedException {
    for (MemberProcess member : killed) {
      member.kill();
    }
    return new Mending() {
      @Override
      public String name() {
        return "killed " + killed.size();
      }

      @Override
      public void mend() {
        List<CompletableFuture<Void>> ready = killed.stream().map(MemberProcess::restart).toList();
        ready.forEach(CompletableFuture::join);
      }
    };
  }

  private static Mending paused(List<MemberProcess> paused) throws Exception {
    for (MemberProcess member : paused) {
      member.pause();
    }
    return new Mending() {
      @Override
      public String name() {
        return "paused " + paused.size();
      }

      @Override
      public void mend() throws Exception {
        for (MemberProcess member : paused) {
          member.resume();
        }
      }
    };
  }

  /**
   * Goes on until a moment; then everything is mended.
   *
   * @param mended is called after each time
   */
  void rage(long until, Runnable mended) throws Exception {
    // The first kind of each, so that a short run has them all; then as chance will have it.
    for (int i = 0; nanos.getAsLong() < until; i++) {
      LockSupport.parkNanos((CALM_MILLIS + random.nextLong(CALM_MILLIS)) * 1_000_000);
      Fault fault = faults.get(i < faults.size() ? i : random.nextInt(faults.size()));
      Mending mending = fault.strike(random);
      done.add(mending.name());
      LockSupport.parkNanos(random.nextLong(MOST_STORM_MILLIS) * 1_000_000);
      mending.mend();
      mended.run();
    }
  }

  /** What it did, in order. */
  List<String> done() {
    return List.copyOf(done);
  }
}
