package io.cadastre.kv.raft;

import io.cadastre.kv.log.FullDisk;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Waits for room on a disk that is full, where JRaft would give the member up for good, until the
 * member stops.
 */
final class RoomWait {

  private static final Logger LOG = System.getLogger(RoomWait.class.getName());
  private static final long LOOKED_FOR_EVERY_MILLIS = 200;

  /** What it takes to say that a snapshot is there, and to open one. */
  private static final long LITTLE_BYTES = 4 << 20;

  private final Path directory;
  private final CountDownLatch stopped = new CountDownLatch(1);

  RoomWait(Path directory) {
    this.directory = directory;
  }

  /** Whether there is room for small files. */
  boolean hasRoom() {
    return FullDisk.usableBytes(directory) >= LITTLE_BYTES;
  }

  /** Whether something failed for want of room. */
  boolean isCauseOf(Throwable failure) {
    return FullDisk.isCauseOf(failure, directory, LITTLE_BYTES);
  }

  /** Waits a while where something failed for want of room; says whether to try it again. */
  boolean again(Throwable failure) {
    if (!isCauseOf(failure)) {
      return false;
    }
    LOG.log(Level.ERROR, "waits for room on the disk: {0}", failure.toString());
    try {
      do {
        if (stopped.await(LOOKED_FOR_EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
          return false;
        }
      } while (!hasRoom());
      return true;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void stop() {
    stopped.countDown();
  }
}
