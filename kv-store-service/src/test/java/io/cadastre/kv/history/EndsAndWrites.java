package io.cadastre.kv.history;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How the ends of keys and the writes of somebody else follow each other, revision by revision. */
final class EndsAndWrites implements Consumer<Change> {

  private final CountDownLatch left;
  private final String other;
  private final int all;
  private int endsSinceWrite;
  private int mostEndsBetweenWrites;
  private int writes;

  /**
   * @param all the number of keys that end
   * @param other the key that somebody else writes
   */
  EndsAndWrites(int all, String other) {
    this.left = new CountDownLatch(all);
    this.all = all;
    this.other = other;
  }

  @Override
  public synchronized void accept(Change change) {
    if (change.value() == null) {
      endsSinceWrite++;
      mostEndsBetweenWrites = Math.max(mostEndsBetweenWrites, endsSinceWrite);
      left.countDown();
    } else if (change.key().equals(other)) {
      endsSinceWrite = 0;
      writes += left.getCount() < all && left.getCount() > 0 ? 1 : 0;
    }
  }

  void awaitEnds(Duration patience) throws InterruptedException {
    if (!left.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new IllegalStateException(left.getCount() + " of " + all + " keys have not ended");
    }
  }

  synchronized int mostEndsBetweenWrites() {
    return mostEndsBetweenWrites;
  }

  /** Between the first end and the last. */
  synchronized int writes() {
    return writes;
  }
}
