package io.cadastre.kv.engine;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Ordered byte strings in buckets.
 *
 * <p>{@link #write} is atomic and visible to every read that begins after it returns. It is
 * <em>not</em> durable: what was written since the last {@link #flush} may be gone after a crash,
 * but then all of it from some write on, in order, never a part of a write. The Raft log is what
 * makes writes durable; it is replayed from the index that the last surviving write carried.
 *
 * <p>Reads may run on any thread beside one writer. Keys compare as unsigned bytes.
 */
public interface StorageEngine extends AutoCloseable {

  byte @Nullable [] get(Bucket bucket, byte[] key);

  void write(Changes changes);

  /** A view that later writes do not change. Keeps what they replace alive: close it soon. */
  View view();

  /**
   * Visits entries in order of their keys, without a view of its own: what is written meanwhile may
   * or may not be seen. For short scans of what does not change; the visitor must not use the
   * engine.
   *
   * @param from inclusive; empty = the first
   * @param to exclusive; null = to the end
   */
  default void scan(Bucket bucket, byte[] from, byte @Nullable [] to, Visitor visitor) {
    try (View view = view()) {
      view.scan(bucket, from, to, visitor);
    }
  }

  /** Makes durable all that was written before. */
  void flush();

  /**
   * Whether there is room on the disk, as far as is known. Where there is none, {@link #write}
   * waits for it: whoever calls it could not go on without.
   */
  default boolean hasRoom() {
    return true;
  }

  /** Bytes that the engine takes, with what is deleted but not yet reclaimed. */
  long sizeBytes();

  /** Bytes of what is still reachable: an estimate. */
  long sizeInUseBytes();

  /**
   * Reads all that is on the disk, past what is in memory.
   *
   * @throws EngineException where it is not what was written
   */
  default void verify() {}

  /** Reclaims what is deleted. Reads and writes go on meanwhile. */
  void defragment();

  /**
   * Copies all that was written before into a new directory, cheaply: a file that no longer changes
   * may be shared. An engine of the same kind can be opened on it.
   */
  void checkpoint(Path directory);

  /**
   * Waits for reads that are under way; those that come later fail with {@link ClosedException}.
   */
  @Override
  void close();

  /** The engine was closed, or replaced by another: ask again. */
  final class ClosedException extends RuntimeException {
    ClosedException() {
      super("the engine is closed", null, false, false);
    }
  }

  /** What was there at one moment. */
  interface View extends AutoCloseable {

    byte @Nullable [] get(Bucket bucket, byte[] key);

    /**
     * Visits entries in order of their keys.
     *
     * @param from inclusive; empty = the first
     * @param to exclusive; null = to the end
     */
    void scan(Bucket bucket, byte[] from, byte @Nullable [] to, Visitor visitor);

    @Override
    void close();
  }

  /** Looks at an entry; the arrays are its own. */
  @FunctionalInterface
  interface Visitor {
    /** Answers whether the scan goes on. */
    boolean visit(byte[] key, byte[] value);
  }
}
