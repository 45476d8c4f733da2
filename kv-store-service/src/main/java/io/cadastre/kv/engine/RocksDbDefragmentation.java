package io.cadastre.kv.engine;

import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.CompactRangeOptions.BottommostLevelCompaction;
import org.rocksdb.RocksDBException;

/**
 * Rewrites the tables without what is deleted, slowly enough that the log's syncs and the clients'
 * calls find the disk and the processor free.
 */
final class RocksDbDefragmentation implements AutoCloseable {

  /** Read and written together. */
  private static final long BYTES_PER_SECOND = 64 << 20;

  private final RocksDbFiles files;
  private final CompactRangeOptions options =
      new CompactRangeOptions()
          .setExclusiveManualCompaction(false)
          .setMaxSubcompactions(1)
          .setBottommostLevelCompaction(BottommostLevelCompaction.kForceOptimized);
  private volatile boolean stopped;

  RocksDbDefragmentation(RocksDbFiles files) {
    this.files = files;
  }

  /** One at a time: what is asked for meanwhile finds little left to do. */
  synchronized void run() {
    files.tuning().limit(BYTES_PER_SECOND);
    try {
      for (ColumnFamilyHandle family : files.families()) {
        files.database().compactRange(family, null, null, options);
      }
    } catch (RocksDBException e) {
      if (stopped) {
        throw new StorageEngine.ClosedException();
      }
      throw new EngineException("cannot defragment", e);
    } finally {
      files.tuning().unlimit();
    }
  }

  /** What is rewritten by then stays. */
  void stop() {
    stopped = true;
    CompactRangeOptions _ = options.setCanceled(true);
  }

  @Override
  public void close() {
    options.close();
  }
}
