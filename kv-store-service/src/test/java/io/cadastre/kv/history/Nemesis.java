package io.cadastre.kv.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Does one bad thing after another to members, of a seed, and mends each. */
final class Nemesis {

  private static final long CALM_MILLIS = 800;
  private static final long MOST_CALM_NANOS = TimeUnit.SECONDS.toNanos(30);
  private static final long MOST_STORM_MILLIS = 1_500;

  private final Random random;
  private final List<Fault> faults;
  private final IntSupplier progress;
  private final int between;
  private final BooleanSupplier enough;
  private final List<String> done = new ArrayList<>();

  /**
   * Makes one.
   *
   * @param faults in this order at first, each once; then as chance will have it
   * @param progress how much was done so far
   * @param between how much has to be done between two faults, where that is possible at all
   * @param enough whether nothing more has to happen
   */
  Nemesis(
      long seed, List<Fault> faults, IntSupplier progress, int between, BooleanSupplier enough) {
    this.random = new Random(seed);
    this.faults = List.copyOf(faults);
    this.progress = progress;
    this.between = between;
    this.enough = enough;
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

  /** Goes on until it is enough; then everything is mended. */
  void rage(Members members) throws Exception {
    for (int i = 0; i < faults.size() || !enough.getAsBoolean(); i++) {
      calm(random.nextLong(CALM_MILLIS));
      Fault fault = faults.get(i < faults.size() ? i : random.nextInt(faults.size()));
      Mending mending = fault.strike(random);
      done.add(mending.name());
      LockSupport.parkNanos(random.nextLong(MOST_STORM_MILLIS) * 1_000_000);
      mending.mend();
      members.connectAnew();
    }
  }

  /** On a slow machine clients would be told next to nothing between two faults. */
  private void calm(long millis) {
    int before = progress.getAsInt();
    LockSupport.parkNanos((CALM_MILLIS + millis) * 1_000_000);
    long until = System.nanoTime() + MOST_CALM_NANOS;
    while (progress.getAsInt() - before < between && System.nanoTime() - until < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  /** What it did, in order. */
  List<String> done() {
    return List.copyOf(done);
  }
}
