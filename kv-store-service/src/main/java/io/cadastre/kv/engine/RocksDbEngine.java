package io.cadastre.kv.engine;

import io.cadastre.kv.metrics.Histogram;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;
import org.rocksdb.Status;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/**
 * Keeps everything in RocksDB, one column family for each bucket.
 *
 * <p>Its write-ahead log is off: the Raft log is one already. All families are flushed together, so
 * that a crash never leaves one bucket newer than another.
 */
public final class RocksDbEngine implements StorageEngine {

  private static final Logger LOG = System.getLogger(RocksDbEngine.class.getName());
  private static final long ROOM_LOOKED_FOR_EVERY_MILLIS = 200;

  static {
    RocksDB.loadLibrary();
  }

  private final DBOptions options =
      new DBOptions()
          .setCreateIfMissing(true)
          .setCreateMissingColumnFamilies(true)
          .setAtomicFlush(true)
          .setMaxBackgroundJobs(2)
          .setKeepLogFileNum(2);
  private final Cache blockCache;
  private final BloomFilter bloomFilter = new BloomFilter(10);
  private final ColumnFamilyOptions familyOptions;
  private final WriteOptions writeOptions = new WriteOptions().setDisableWAL(true);
  private final Map<Bucket, ColumnFamilyHandle> families = new EnumMap<>(Bucket.class);
  private final ColumnFamilyHandle defaultFamily;
  private final RocksDB database;

  /** Held for reading by who uses the database: a use after its close would take the process. */
  private final StampedLock uses = new StampedLock();

  private final Histogram writes;
  private boolean closed;
  private volatile boolean full;
  private final CountDownLatch closing = new CountDownLatch(1);

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
    blockCache = new LRUCache(blockCacheBytes);
    familyOptions =
        new ColumnFamilyOptions()
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(blockCache)
                    .setFilterPolicy(bloomFilter)
                    .setCacheIndexAndFilterBlocks(true));
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, familyOptions));
    for (Bucket bucket : Bucket.values()) {
      byte[] name = bucket.snapshotName().getBytes(StandardCharsets.UTF_8);
      descriptors.add(new ColumnFamilyDescriptor(name, familyOptions));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      database = RocksDB.open(options, directory.toString(), descriptors, handles);
    } catch (RocksDBException e) {
      throw new EngineException("cannot open the store in " + directory, e);
    }
    defaultFamily = handles.getFirst();
    Bucket[] buckets = Bucket.values();
    for (int i = 0; i < buckets.length; i++) {
      families.put(buckets[i], handles.get(i + 1));
    }
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    long use = use();
    try {
      return database.get(family(bucket), key);
    } catch (RocksDBException e) {
      throw new EngineException("cannot read from " + bucket, e);
    } finally {
      uses.unlockRead(use);
    }
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

  @Override
  public void write(Changes changes) {
    long use = use();
    try (WriteBatch batch = new WriteBatch()) {
      changes.applyTo(
          new Changes.Target<RocksDBException>() {
            @Override
            public void put(Bucket bucket, byte[] key, byte[] value) throws RocksDBException {
              batch.put(family(bucket), key, value);
            }

            @Override
            public void delete(Bucket bucket, byte[] key) throws RocksDBException {
              batch.delete(family(bucket), key);
            }
          });
      long began = System.nanoTime();
      writeWhenThereIsRoom(batch);
      writes.add(System.nanoTime() - began);
    } catch (RocksDBException e) {
      throw new EngineException("cannot write " + changes.size() + " changes", e);
    } finally {
      uses.unlockRead(use);
    }
  }

  /** After a full disk, RocksDB takes writes again by itself some seconds after there is room. */
  private void writeWhenThereIsRoom(WriteBatch batch) throws RocksDBException {
    while (true) {
      try {
        database.write(writeOptions, batch);
        full = false;
        return;
      } catch (RocksDBException e) {
        if (!isFull(e) || isClosing()) {
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

  private boolean isClosing() {
    try {
      return closing.await(ROOM_LOOKED_FOR_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return true;
    }
  }

  @Override
  public boolean hasRoom() {
    return !full;
  }

  @Override
  public View view() {
    return new RocksDbView();
  }

  @Override
  public void flush() {
    long use = use();
    try {
      flushAll();
    } finally {
      uses.unlockRead(use);
    }
  }

  private void flushAll() {
    try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
      database.flush(wait, List.copyOf(families.values()));
    } catch (RocksDBException e) {
      throw new EngineException("cannot flush", e);
    }
  }

  @Override
  public long sizeBytes() {
    return property("rocksdb.total-sst-files-size") + property("rocksdb.cur-size-all-mem-tables");
  }

  @Override
  public long sizeInUseBytes() {
    return property("rocksdb.estimate-live-data-size")
        + property("rocksdb.cur-size-all-mem-tables");
  }

  private long property(String name) {
    long use = use();
    try {
      long sum = 0;
      for (ColumnFamilyHandle family : families.values()) {
        sum += database.getLongProperty(family, name);
      }
      return sum;
    } catch (RocksDBException e) {
      throw new EngineException("cannot read property " + name, e);
    } finally {
      uses.unlockRead(use);
    }
  }

  @Override
  public void defragment() {
    long use = use();
    try (CompactRangeOptions everything =
        new CompactRangeOptions()
            .setExclusiveManualCompaction(false)
            .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized)) {
      for (ColumnFamilyHandle family : families.values()) {
        database.compactRange(family, null, null, everything);
      }
    } catch (RocksDBException e) {
      throw new EngineException("cannot defragment", e);
    } finally {
      uses.unlockRead(use);
    }
  }

  @Override
  public void checkpoint(Path directory) {
    long use = use();
    try (Checkpoint checkpoint = Checkpoint.create(database)) {
      // What is only in memory is in no file: there is no log of the database's own.
      flushAll();
      checkpoint.createCheckpoint(directory.toString());
    } catch (RocksDBException e) {
      throw new EngineException("cannot copy the store to " + directory, e);
    } finally {
      uses.unlockRead(use);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    long last = uses.writeLock();
    try {
      if (!closed) {
        closed = true;
        try {
          flushAll();
        } catch (EngineException e) {
          // It is still in the log.
          LOG.log(Level.WARNING, "closed without what was written last", e);
        }
        release();
      }
    } finally {
      uses.unlockWrite(last);
    }
  }

  private void release() {
    families.values().forEach(ColumnFamilyHandle::close);
    defaultFamily.close();
    database.close();
    writeOptions.close();
    familyOptions.close();
    bloomFilter.close();
    blockCache.close();
    options.close();
  }

  private ColumnFamilyHandle family(Bucket bucket) {
    ColumnFamilyHandle family = families.get(bucket);
    if (family == null) {
      throw new IllegalStateException("no bucket " + bucket);
    }
    return family;
  }

  private final class RocksDbView implements View {

    private final long use = use();
    private final Snapshot snapshot = database.getSnapshot();
    private final ReadOptions readOptions = new ReadOptions().setSnapshot(snapshot);

    @Override
    public byte @Nullable [] get(Bucket bucket, byte[] key) {
      try {
        return database.get(family(bucket), readOptions, key);
      } catch (RocksDBException e) {
        throw new EngineException("cannot read from " + bucket, e);
      }
    }

    @Override
    public void scan(Bucket bucket, byte[] from, byte @Nullable [] to, Visitor visitor) {
      try (Slice end = to == null ? null : new Slice(to);
          ReadOptions bounded = new ReadOptions(readOptions)) {
        if (end != null) {
          bounded.setIterateUpperBound(end);
        }
        try (RocksIterator entries = database.newIterator(family(bucket), bounded)) {
          entries.seek(from);
          while (entries.isValid() && visitor.visit(entries.key(), entries.value())) {
            entries.next();
          }
          entries.status();
        }
      } catch (RocksDBException e) {
        throw new EngineException("cannot scan " + bucket, e);
      }
    }

    @Override
    public void close() {
      readOptions.close();
      database.releaseSnapshot(snapshot);
      snapshot.close();
      uses.unlockRead(use);
    }
  }
}
