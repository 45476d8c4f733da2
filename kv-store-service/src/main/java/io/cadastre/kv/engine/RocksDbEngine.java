package io.cadastre.kv.engine;

import io.cadastre.kv.metrics.Histogram;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.rocksdb.Checkpoint;
import org.rocksdb.RocksDBException;

/**
 * Keeps everything in RocksDB, one column family for each bucket.
 *
 * <p>Its write-ahead log is off: the Raft log is one already. All families are flushed together, so
 * that a crash never leaves one bucket newer than another.
 */
public final class RocksDbEngine implements StorageEngine {

  private static final Logger LOG = System.getLogger(RocksDbEngine.class.getName());

  private final RocksDbFiles files;
  private final RocksDbWriter writer;
  private final RocksDbDefragmentation defragmentation;

  /** Held for reading by who uses the database: a use after its close would take the process. */
  private final StampedLock uses = new StampedLock();

  private final Histogram writes;
  private final AtomicBoolean closing = new AtomicBoolean();
  private boolean closed;

  /**
   * Opens or creates the database in a directory.
   *
   * @param blockCacheBytes how much of the tables is kept uncompressed in memory
   */
  public RocksDbEngine(Path directory, long blockCacheBytes) {
    this(directory, blockCacheBytes, Histogram.ofDisk());
  }

  /**
   * Opens or creates the database in a directory.
   *
   * @param blockCacheBytes how much of the tables is kept uncompressed in memory
   * @param writes where it is counted how long writes take
   */
  public RocksDbEngine(Path directory, long blockCacheBytes, Histogram writes) {
    this.writes = writes;
    files = new RocksDbFiles(directory, blockCacheBytes);
    writer = new RocksDbWriter(files);
    defragmentation = new RocksDbDefragmentation(files);
  }

  private long use() {
    // Past a close that waits: who reads may read on, and is waited for.
    long free = uses.tryReadLock();
    long use = free == 0 ? uses.readLock() : free;
    if (closed) {
      uses.unlockRead(use);
      throw new ClosedException();
    }
    return use;
  }

  private <T extends @Nullable Object> T using(Supplier<T> work) {
    long use = use();
    try {
      return work.get();
    } finally {
      uses.unlockRead(use);
    }
  }

  private void during(Runnable work) {
    long use = use();
    try {
      work.run();
    } finally {
      uses.unlockRead(use);
    }
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    long use = use();
    try {
      return files.database().get(files.family(bucket), key);
    } catch (RocksDBException e) {
      throw new EngineException("cannot read from " + bucket, e);
    } finally {
      uses.unlockRead(use);
    }
  }

  @Override
  public void write(Changes changes) {
    during(() -> {
      long began = System.nanoTime();
      writer.write(changes);
      writes.add(System.nanoTime() - began);
    });
  }

  @Override
  public boolean hasRoom() {
    return writer.hasRoom();
  }

  @Override
  public View view() {
    long use = use();
    return new RocksDbView(files, () -> uses.unlockRead(use));
  }

  @Override
  public void flush() {
    during(files::flush);
  }

  @Override
  public long sizeBytes() {
    return using(() ->
        files.property("rocksdb.total-sst-files-size")
            + files.property("rocksdb.cur-size-all-mem-tables"));
  }

  @Override
  public long sizeInUseBytes() {
    return using(() ->
        files.property("rocksdb.estimate-live-data-size")
            + files.property("rocksdb.cur-size-all-mem-tables"));
  }

  @Override
  public void verify() {
    long use = use();
    try {
      files.database().verifyChecksum();
    } catch (RocksDBException e) {
      throw new EngineException("the store is damaged", e);
    } finally {
      uses.unlockRead(use);
    }
  }

  @Override
  public void defragment() {
    during(defragmentation::run);
  }

  @Override
  public void checkpoint(Path directory) {
    long use = use();
    try (Checkpoint checkpoint = Checkpoint.create(files.database())) {
      // What is only in memory is in no file: there is no log of the database's own.
      files.flush();
      checkpoint.createCheckpoint(directory.toString());
    } catch (RocksDBException e) {
      throw new EngineException("cannot copy the store to " + directory, e);
    } finally {
      uses.unlockRead(use);
    }
  }

  @Override
  public void close() {
    if (closing.getAndSet(true)) {
      return;
    }
    writer.stop();
    defragmentation.stop();
    long last = uses.writeLock();
    try {
      closed = true;
      flushForTheNext();
      defragmentation.close();
      writer.close();
      files.close();
    } finally {
      uses.unlockWrite(last);
    }
  }

  private void flushForTheNext() {
    try {
      files.flush();
    } catch (EngineException e) {
      // It is still in the log.
      LOG.log(Level.WARNING, "closed without what was written last", e);
    }
  }
}
