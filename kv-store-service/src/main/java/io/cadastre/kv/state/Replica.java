package io.cadastre.kv.state;

import io.cadastre.kv.auth.Tokens;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.engine.RocksDbEngine;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.metrics.Histogram;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A member's state and where it lies. It can be copied while it is in use, and replaced by a copy
 * that another member made: who reads the old one then is finished first.
 */
public final class Replica implements AutoCloseable {

  private static final String PREFIX = "store-";
  private static final String DRAFT = ".draft";
  private static final long BLOCK_CACHE_BYTES = 64 << 20;

  /** As with etcd. */
  private static final long SLOW_NANOS = Duration.ofMillis(100).toNanos();

  private final @Nullable Path directory;
  private final Tokens tokens;
  private final LongSupplier nanos;

  /** Held by who writes: the thread that applies, and the one that sweeps when it is idle. */
  private final ReentrantLock writing = new ReentrantLock();

  private final Histogram commits = Histogram.ofDisk();
  private final LongAdder slowWrites = new LongAdder();
  private long generation;
  private volatile StateMachine current;

  /**
   * Opens what is in a directory.
   *
   * @param directory null = in memory
   */
  public Replica(@Nullable Path directory, Tokens tokens, LongSupplier nanos) throws IOException {
    this.directory = directory;
    this.tokens = tokens;
    this.nanos = nanos;
    if (directory == null) {
      current = new StateMachine(new MemoryEngine(), tokens, nanos);
    } else {
      generation = newest(directory).orElse(0);
      clear(directory, generation);
      current = new StateMachine(open(store(directory, generation)), tokens, nanos);
    }
  }

  /** The engine of the newest store in a directory, for who fills it. */
  public static StorageEngine openEngine(Path directory) throws IOException {
    return new RocksDbEngine(store(directory, newest(directory).orElse(0)), BLOCK_CACHE_BYTES);
  }

  private StorageEngine open(Path store) {
    return new RocksDbEngine(store, BLOCK_CACHE_BYTES, commits);
  }

  /** How long it takes to give the engine what was applied. */
  public Histogram commits() {
    return commits;
  }

  private static Path store(Path directory, long generation) {
    return directory.resolve(PREFIX + generation);
  }

  private static OptionalLong newest(Path directory) throws IOException {
    return stores(directory).stream()
        .filter(path -> !path.toString().endsWith(DRAFT))
        .mapToLong(path ->
            Long.parseLong(directory.relativize(path).toString().substring(PREFIX.length())))
        .max();
  }

  private static List<Path> stores(Path directory) throws IOException {
    Files.createDirectories(directory);
    try (Stream<Path> found = Files.list(directory)) {
      return found
          .filter(path -> directory.relativize(path).toString().startsWith(PREFIX))
          .toList();
    }
  }

  private static void clear(Path directory, long kept) throws IOException {
    for (Path store : stores(directory)) {
      if (!store.equals(store(directory, kept))) {
        delete(store);
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> found = Files.walk(tree)) {
      for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }

  /** The state in use. Ask again for each call: it may be replaced. */
  public StateMachine current() {
    return current;
  }

  /** Runs what changes the state, by itself. */
  public void write(Runnable change) {
    writing.lock();
    long began = nanos.getAsLong();
    try {
      change.run();
    } finally {
      if (nanos.getAsLong() - began > SLOW_NANOS) {
        slowWrites.increment();
      }
      writing.unlock();
    }
  }

  /** How often others waited long for the state to be changed. */
  public long slowWrites() {
    return slowWrites.sum();
  }

  /** Copies the state into a directory that does not exist yet. */
  public void copyTo(Path target) {
    current.engine().checkpoint(target);
  }

  /** Takes a copy in place of the state. */
  public void replaceBy(Path copy) throws IOException {
    writing.lock();
    try {
      StateMachine old = current;
      if (directory == null) {
        current = new StateMachine(MemoryEngine.from(copy), tokens, nanos);
      } else {
        Path target = store(directory, generation + 1);
        Path draft = target.resolveSibling(target.getFileName() + DRAFT);
        if (Files.exists(draft)) {
          delete(draft);
        }
        take(copy, draft);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        sync(directory);
        generation++;
        current = new StateMachine(open(target), tokens, nanos);
      }
      old.engine().close();
      if (directory != null) {
        clear(directory, generation);
      }
    } finally {
      writing.unlock();
    }
  }

  /** A table never changes and may be shared; the files that tell of tables grow. */
  private static void take(Path copy, Path draft) throws IOException {
    Files.createDirectories(draft);
    try (Stream<Path> found = Files.list(copy)) {
      for (Path file : found.toList()) {
        Path target = draft.resolve(copy.relativize(file).toString());
        if (file.toString().endsWith(".sst")) {
          Files.createLink(target, file);
        } else {
          Files.copy(file, target);
        }
        sync(target);
      }
    }
    sync(draft);
  }

  private static void sync(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
      file.force(true);
    }
  }

  @Override
  public void close() {
    writing.lock();
    try {
      current.engine().close();
    } finally {
      writing.unlock();
    }
  }
}
