package io.cadastre.kv.engine;

import org.jspecify.annotations.Nullable;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.Slice;
import org.rocksdb.Snapshot;

/** What the database held at one moment. */
final class RocksDbView implements StorageEngine.View {

  private final RocksDbFiles files;
  private final Runnable release;
  private final Snapshot snapshot;
  private final ReadOptions options;

  /**
   * Makes it.
   *
   * @param release lets the database be closed again
   */
  RocksDbView(RocksDbFiles files, Runnable release) {
    this.files = files;
    this.release = release;
    snapshot = files.database().getSnapshot();
    options = new ReadOptions().setSnapshot(snapshot);
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    try {
      return files.database().get(files.family(bucket), options, key);
    } catch (RocksDBException e) {
      throw new EngineException("cannot read from " + bucket, e);
    }
  }

  @Override
  public void scan(
      Bucket bucket, byte[] from, byte @Nullable [] to, StorageEngine.Visitor visitor) {
    try (Slice end = to == null ? null : new Slice(to);
        // Who goes over much must not push out of memory what others read often.
        ReadOptions bounded = new ReadOptions(options).setFillCache(false)) {
      if (end != null) {
        bounded.setIterateUpperBound(end);
      }
      try (RocksIterator entries = files.database().newIterator(files.family(bucket), bounded)) {
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
    options.close();
    files.database().releaseSnapshot(snapshot);
    snapshot.close();
    release.run();
  }
}
