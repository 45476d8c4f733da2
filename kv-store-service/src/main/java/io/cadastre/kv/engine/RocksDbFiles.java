package io.cadastre.kv.engine;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.FlushOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** An open database with a column family for each bucket. */
final class RocksDbFiles implements AutoCloseable {

  static {
    NativeLibrary.load();
  }

  private final RocksDbTuning tuning;
  private final Map<Bucket, ColumnFamilyHandle> families = new EnumMap<>(Bucket.class);
  private final Map<Bucket, Integer> familyNumbers = new EnumMap<>(Bucket.class);
  private final ColumnFamilyHandle defaultFamily;
  private final RocksDB database;

  RocksDbFiles(Path directory, long blockCacheBytes) {
    tuning = new RocksDbTuning(blockCacheBytes);
    List<ColumnFamilyDescriptor> descriptors = new ArrayList<>();
    descriptors.add(new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, tuning.family()));
    for (Bucket bucket : Bucket.values()) {
      byte[] name = bucket.snapshotName().getBytes(StandardCharsets.UTF_8);
      descriptors.add(new ColumnFamilyDescriptor(name, tuning.family()));
    }
    List<ColumnFamilyHandle> handles = new ArrayList<>();
    try {
      database = RocksDB.open(tuning.database(), directory.toString(), descriptors, handles);
    } catch (RocksDBException e) {
      tuning.close();
      throw new EngineException("cannot open the store in " + directory, e);
    }
    defaultFamily = handles.getFirst();
    Bucket[] buckets = Bucket.values();
    for (int i = 0; i < buckets.length; i++) {
      families.put(buckets[i], handles.get(i + 1));
      familyNumbers.put(buckets[i], handles.get(i + 1).getID());
    }
  }

  RocksDB database() {
    return database;
  }

  RocksDbTuning tuning() {
    return tuning;
  }

  ColumnFamilyHandle family(Bucket bucket) {
    ColumnFamilyHandle family = families.get(bucket);
    if (family == null) {
      throw new IllegalStateException("no bucket " + bucket);
    }
    return family;
  }

  /** What RocksDB calls the family of a bucket in a batch. */
  int familyNumber(Bucket bucket) {
    Integer number = familyNumbers.get(bucket);
    if (number == null) {
      throw new IllegalStateException("no bucket " + bucket);
    }
    return number;
  }

  List<ColumnFamilyHandle> families() {
    return List.copyOf(families.values());
  }

  /** All families together: a crash never leaves one newer than another. */
  void flush() {
    try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
      database.flush(wait, families());
    } catch (RocksDBException e) {
      throw new EngineException("cannot flush", e);
    }
  }

  /** Of all families together. */
  long property(String name) {
    try {
      long sum = 0;
      for (ColumnFamilyHandle family : families.values()) {
        sum += database.getLongProperty(family, name);
      }
      return sum;
    } catch (RocksDBException e) {
      throw new EngineException("cannot read property " + name, e);
    }
  }

  @Override
  public void close() {
    families.values().forEach(ColumnFamilyHandle::close);
    defaultFamily.close();
    database.close();
    tuning.close();
  }
}
