package io.cadastre.kv.engine;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything in the heap: for tests and caches. A {@link #view} costs a copy of the
 * references.
 */
public final class MemoryEngine implements StorageEngine {

  private static final String FILE = "entries";

  private final Map<Bucket, NavigableMap<byte[], byte[]>> buckets = new EnumMap<>(Bucket.class);
  private final ReadWriteLock lock = new ReentrantReadWriteLock();
  private long sizeBytes;

  public MemoryEngine() {
    for (Bucket bucket : Bucket.values()) {
      buckets.put(bucket, new TreeMap<>(Arrays::compareUnsigned));
    }
  }

  @Override
  public byte @Nullable [] get(Bucket bucket, byte[] key) {
    lock.readLock().lock();
    try {
      return in(buckets, bucket).get(key);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void write(Changes changes) {
    lock.writeLock().lock();
    try {
      changes.applyTo(
          new Changes.Target<RuntimeException>() {
            @Override
            public void put(Bucket bucket, byte[] key, byte[] value) {
              sizeBytes += key.length + value.length;
              sizeBytes -= sizeOf(key, in(buckets, bucket).put(key, value));
            }

            @Override
            public void delete(Bucket bucket, byte[] key) {
              sizeBytes -= sizeOf(key, in(buckets, bucket).remove(key));
            }
          });
    } finally {
      lock.writeLock().unlock();
    }
  }

  private static int sizeOf(byte[] key, byte @Nullable [] value) {
    return value == null ? 0 : key.length + value.length;
  }

  @Override
  public View view() {
    lock.readLock().lock();
    try {
      Map<Bucket, NavigableMap<byte[], byte[]>> copy = new EnumMap<>(Bucket.class);
      buckets.forEach((bucket, entries) -> copy.put(bucket, new TreeMap<>(entries)));
      return new MemoryView(copy);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void scan(Bucket bucket, byte[] from, byte @Nullable [] to, Visitor visitor) {
    lock.readLock().lock();
    try {
      new MemoryView(buckets).scan(bucket, from, to, visitor);
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public void flush() {}

  @Override
  public long sizeBytes() {
    lock.readLock().lock();
    try {
      return sizeBytes;
    } finally {
      lock.readLock().unlock();
    }
  }

  @Override
  public long sizeInUseBytes() {
    return sizeBytes();
  }

  @Override
  public void defragment() {}

  @Override
  public void checkpoint(Path directory) {
    Path file = directory.resolve(FILE);
    lock.readLock().lock();
    try {
      Files.createDirectories(directory);
      try (DataOutputStream out =
          new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
        for (Bucket bucket : Bucket.values()) {
          NavigableMap<byte[], byte[]> entries = in(buckets, bucket);
          out.writeInt(entries.size());
          for (Map.Entry<byte[], byte[]> entry : entries.entrySet()) {
            write(out, entry.getKey());
            write(out, entry.getValue());
          }
        }
      }
    } catch (IOException e) {
      throw new EngineException("cannot write " + file, e);
    } finally {
      lock.readLock().unlock();
    }
  }

  private static void write(DataOutputStream out, byte[] bytes) throws IOException {
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  /** What a checkpoint holds. */
  public static MemoryEngine from(Path directory) {
    Path file = directory.resolve(FILE);
    MemoryEngine engine = new MemoryEngine();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      for (Bucket bucket : Bucket.values()) {
        Changes changes = new Changes();
        for (int left = in.readInt(); left > 0; left--) {
          changes.put(bucket, in.readNBytes(in.readInt()), in.readNBytes(in.readInt()));
        }
        engine.write(changes);
      }
      return engine;
    } catch (IOException e) {
      throw new EngineException("cannot read " + file, e);
    }
  }

  @Override
  public void close() {}

  private static NavigableMap<byte[], byte[]> in(
      Map<Bucket, NavigableMap<byte[], byte[]>> buckets, Bucket bucket) {
    NavigableMap<byte[], byte[]> entries = buckets.get(bucket);
    if (entries == null) {
      throw new IllegalStateException("no bucket " + bucket);
    }
    return entries;
  }

  private record MemoryView(Map<Bucket, NavigableMap<byte[], byte[]>> copy) implements View {

    @Override
    public byte @Nullable [] get(Bucket bucket, byte[] key) {
      return in(copy, bucket).get(key);
    }

    @Override
    public void scan(Bucket bucket, byte[] from, byte @Nullable [] to, Visitor visitor) {
      NavigableMap<byte[], byte[]> tail = in(copy, bucket).tailMap(from, true);
      for (Map.Entry<byte[], byte[]> entry : tail.entrySet()) {
        if (to != null && Arrays.compareUnsigned(entry.getKey(), to) >= 0) {
          return;
        }
        if (!visitor.visit(entry.getKey(), entry.getValue())) {
          return;
        }
      }
    }

    @Override
    public void close() {}
  }
}
