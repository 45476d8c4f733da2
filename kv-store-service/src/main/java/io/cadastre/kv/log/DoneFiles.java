package io.cadastre.kv.log;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Deletes files whose entries are forgotten, in their order, on a thread of its own: a disk takes
 * tens of milliseconds for each, and who appends does not wait for that. What a crash leaves of
 * them holds nothing when the log is opened, and goes when it is cut next.
 */
final class DoneFiles implements AutoCloseable {

  private static final Logger LOG = System.getLogger(DoneFiles.class.getName());
  private static final long IDLE_SECONDS = 1;

  private final ExecutorService deleting;
  private volatile boolean closed;

  /**
   * Makes it.
   *
   * @param deleting one thing after the other
   */
  DoneFiles(ExecutorService deleting) {
    this.deleting = deleting;
  }

  /** A thread that is there while there is something to delete. */
  static ExecutorService thread() {
    return new ThreadPoolExecutor(
        0,
        1,
        IDLE_SECONDS,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        Thread.ofPlatform().daemon().name("kv-log-done").factory());
  }

  void delete(LogFile file) {
    deleting.execute(() -> {
      long began = System.nanoTime();
      Path path = file.path();
      try {
        file.delete();
      } catch (IOException e) {
        LOG.log(Level.WARNING, "cannot delete {0}, which holds nothing any more: {1}", path, e);
      }
      if (!closed) {
        // The appends meanwhile are synced to the same disk: half of the time it is theirs.
        LockSupport.parkNanos(System.nanoTime() - began);
      }
    });
  }

  /** Deletes what is left, without pauses. */
  @Override
  public void close() {
    closed = true;
    deleting.close();
  }
}
