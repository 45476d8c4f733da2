package io.cadastre.kv.engine;

import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Cache;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RateLimiter;
import org.rocksdb.RateLimiterMode;

/** How RocksDB is set up, and what of it outlives a single call. */
final class RocksDbTuning implements AutoCloseable {

  /** Small: it is what a full disk must have room for, and what a crash makes the log replay. */
  private static final long WRITE_BUFFER_BYTES = 16 << 20;

  /** One flush, one compaction, and one that somebody asked for. */
  private static final int BACKGROUND_JOBS = 3;

  /** So that no compaction keeps the only thread for long, and none needs much room at once. */
  private static final long MOST_COMPACTED_AT_ONCE_BYTES = 256 << 20;

  /** A tenth of what flushes in one go, so that the log's syncs find few dirty pages. */
  private static final long SYNC_EVERY_BYTES = 1 << 20;

  private static final long UNLIMITED = 1L << 40;
  private static final long REFILL_MICROS = 10_000;
  private static final int FAIRNESS = 10;

  private final RateLimiter rate =
      new RateLimiter(UNLIMITED, REFILL_MICROS, FAIRNESS, RateLimiterMode.ALL_IO);
  private final Cache blockCache;
  private final BloomFilter bloomFilter = new BloomFilter(10);
  private final DBOptions database;
  private final ColumnFamilyOptions family;

  RocksDbTuning(long blockCacheBytes) {
    blockCache = new LRUCache(blockCacheBytes);
    database =
        new DBOptions()
            .setCreateIfMissing(true)
            .setCreateMissingColumnFamilies(true)
            .setAtomicFlush(true)
            .setMaxBackgroundJobs(BACKGROUND_JOBS)
            .setBytesPerSync(SYNC_EVERY_BYTES)
            .setRateLimiter(rate)
            .setKeepLogFileNum(2);
    family =
        new ColumnFamilyOptions()
            .setWriteBufferSize(WRITE_BUFFER_BYTES)
            .setMaxCompactionBytes(MOST_COMPACTED_AT_ONCE_BYTES)
            .setTableFormatConfig(
                new BlockBasedTableConfig()
                    .setBlockCache(blockCache)
                    .setFilterPolicy(bloomFilter)
                    .setCacheIndexAndFilterBlocks(true));
  }

  DBOptions database() {
    return database;
  }

  ColumnFamilyOptions family() {
    return family;
  }

  /** Lets work in the background read and write so much a second. */
  void limit(long bytesPerSecond) {
    rate.setBytesPerSecond(bytesPerSecond);
  }

  /** Lets work in the background take what it can get. */
  void unlimit() {
    rate.setBytesPerSecond(UNLIMITED);
  }

  @Override
  public void close() {
    family.close();
    database.close();
    bloomFilter.close();
    blockCache.close();
    rate.close();
  }
}
