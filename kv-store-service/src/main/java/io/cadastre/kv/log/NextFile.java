package io.cadastre.kv.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The file in which the log goes on next: filled with zeros on a thread of its own, so that nobody
 * waits for that. Only {@link #hasRoom} may be called by others than the log's writer.
 */
final class NextFile implements AutoCloseable {

  private static final int CHUNK_BYTES = 1 << 18;

  private final Path directory;
  private final Path path;
  private @Nullable CompletableFuture<Integer> filled;
  private volatile boolean full;
  private volatile boolean awaited;
  private volatile boolean closed;

  NextFile(Path directory) throws IOException {
    this.directory = directory;
    path = directory.resolve("next.new");
    Files.deleteIfExists(path);
  }

  /** Begins to fill it, where that is not done yet, or found no room that is there now. */
  void prepare(int bytes) {
    if (filled == null || (full && usable() >= bytes)) {
      CompletableFuture<Integer> _ = begin(bytes);
    }
  }

  private CompletableFuture<Integer> begin(int bytes) {
    CompletableFuture<Integer> filling = new CompletableFuture<>();
    filled = filling;
    awaited = false;
    Thread _ = Thread.ofPlatform().daemon().name("kv-log-next").start(() -> fill(bytes, filling));
    return filling;
  }

  /** Whether there is room for it, as far as that was tried. */
  boolean hasRoom(int bytes) {
    return !full || usable() >= bytes;
  }

  /**
   * Hands over a file of at least so many bytes that is durable but for its name.
   *
   * @throws NoSpaceException where there is no room for it
   */
  Path take(int bytes) throws IOException {
    if (full && usable() < bytes) {
      throw new NoSpaceException(noRoom(bytes));
    }
    CompletableFuture<Integer> ready = filled;
    awaited = true;
    boolean usable = ready != null && !ready.isCompletedExceptionally() && join(ready) >= bytes;
    if (!usable) {
      CompletableFuture<Integer> anew = begin(bytes);
      awaited = true;
      int _ = join(anew);
    }
    filled = null;
    return path;
  }

  private static int join(CompletableFuture<Integer> filled) throws IOException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return filled.get();
        } catch (InterruptedException _) {
          interrupted = true;
        }
      }
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof NoSpaceException) {
        throw new NoSpaceException("the log cannot grow: the disk is full", cause);
      }
      if (cause instanceof IOException) {
        throw new IOException("the next file of the log cannot be filled", cause);
      }
      throw new IllegalStateException(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void fill(int bytes, CompletableFuture<Integer> done) {
    try {
      try {
        write(bytes);
        full = false;
        boolean _ = done.complete(bytes);
      } catch (IOException e) {
        // Only zeros were to be written: nothing is lost, and others can use the room.
        full = FullDisk.isCauseOf(e, directory, bytes);
        boolean _ = Files.deleteIfExists(path);
        throw full ? new NoSpaceException(noRoom(bytes), e) : e;
      }
    } catch (IOException | RuntimeException e) {
      boolean _ = done.completeExceptionally(e);
    }
  }

  private void write(int bytes) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
    try (FileChannel file =
        FileChannel.open(
            path,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      int at = 0;
      while (at < bytes && !closed) {
        long began = System.nanoTime();
        at += file.write(zeros.clear().limit(Math.min(CHUNK_BYTES, bytes - at)), at);
        file.force(false);
        if (!awaited) {
          // The appends meanwhile are synced to the same disk: half of the time it is theirs.
          LockSupport.parkNanos(System.nanoTime() - began);
        }
      }
      file.force(true);
    }
  }

  private long usable() {
    return FullDisk.usableBytes(directory);
  }

  private String noRoom(int bytes) {
    return path + " cannot grow to " + bytes + " bytes: the disk is full";
  }

  @Override
  public void close() throws IOException {
    closed = true;
    if (filled != null) {
      CompletableFuture.allOf(filled).exceptionally(_ -> null).join();
    }
    boolean _ = Files.deleteIfExists(path);
  }
}
