package io.cadastre.kv.engine;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** Writes, and waits where the disk is full. */
final class RocksDbWriter implements AutoCloseable {

  private static final Logger LOG = System.getLogger(RocksDbWriter.class.getName());
  private static final long ROOM_LOOKED_FOR_EVERY_MILLIS = 200;

  private final RocksDbFiles files;
  private final WriteOptions options = new WriteOptions().setDisableWAL(true);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile boolean full;

  RocksDbWriter(RocksDbFiles files) {
    this.files = files;
  }

  void write(Changes changes) {
    try (WriteBatch batch = new WriteBatch(BatchBytes.of(changes, files::familyNumber))) {
      writeWhenThereIsRoom(batch);
    } catch (RocksDBException e) {
      throw new EngineException("cannot write " + changes.size() + " changes", e);
    }
  }

  /** After a full disk, RocksDB takes writes again by itself some seconds after there is room. */
  private void writeWhenThereIsRoom(WriteBatch batch) throws RocksDBException {
    while (true) {
      try {
        files.database().write(options, batch);
        full = false;
        return;
      } catch (RocksDBException e) {
        if (!isFull(e) || isStopped()) {
          throw e;
        }
        if (!full) {
          LOG.log(Level.ERROR, "the store waits for room on the disk", e);
          full = true;
        }
      }
    }
  }

  private static boolean isFull(RocksDBException failure) {
    Status status = failure.getStatus();
    return status != null && status.getSubCode() == Status.SubCode.NoSpace;
  }

  private boolean isStopped() {
    try {
      return stopped.await(ROOM_LOOKED_FOR_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  boolean hasRoom() {
    return !full;
  }

  /** Waits for room no more. */
  void stop() {
    stopped.countDown();
  }

  @Override
  public void close() {
    options.close();
  }
}
