package io.cadastre.kv.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * The log on disk: numbered files, each filled with zeros before it is used.
 *
 * <p>One thread at a time changes it, others may read beside. No record is ever overwritten: an
 * entry that was cut off is still there, and a note behind it says that it does not count any more.
 * So cutting is one append, which is whole or was never done.
 *
 * <p>After a failed write it is not known what is on the disk; then it takes nothing any more.
 */
public final class LogFiles implements AutoCloseable {

  /** How large the files of a log grow. */
  public static final int FILE_BYTES = 64 << 20;

  /** A log begins small, and each file is twice as large as the one before. */
  private static final int FIRST_FILE_BYTES = 4 << 20;

  /** More than one append can be asked for. */
  private static final long MOST_APPEND_BYTES = 1 << 30;

  private static final int CONTINUED_BYTES = RecordHeader.recordBytes(0);
  private static final int BOUNDS_BYTES = RecordHeader.recordBytes(Long.BYTES);

  private final Path directory;
  private final int fileBytes;
  private final NextFile next;
  private final DoneFiles deleted;
  private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
  private final LogIndex index = new LogIndex();
  private final NavigableMap<Long, LogFile> files;
  private volatile int nextBytes;
  private boolean failed;

  private LogFiles(Path directory, int fileBytes, ExecutorService deleting) throws IOException {
    this.directory = directory;
    this.fileBytes = fileBytes;
    next = new NextFile(directory);
    deleted = new DoneFiles(deleting);
    files = LogReplay.run(directory, index);
    if (files.isEmpty()) {
      nextBytes = Math.min(fileBytes, FIRST_FILE_BYTES);
      addFile(1, nextBytes);
    }
    sizeNext();
  }

  /**
   * Opens the log in a directory.
   *
   * @param fileBytes how large its files grow
   * @throws LogDamagedException where an entry is not what was written, or is missing
   */
  public static LogFiles open(Path directory, int fileBytes) throws IOException {
    return open(directory, fileBytes, DoneFiles.thread());
  }

  /** The same, with files deleted by somebody else. */
  static LogFiles open(Path directory, int fileBytes, ExecutorService deleting) throws IOException {
    Files.createDirectories(directory);
    return new LogFiles(directory, fileBytes, deleting);
  }

  /** The first entry that is there, or the next that will be. */
  public long firstIndex() {
    lock.readLock().lock();
    try {
      return index.first();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The last entry, which is durable; one before the first where there is none. */
  public long lastIndex() {
    lock.readLock().lock();
    try {
      return index.last();
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The term of an entry; 0 where there is no such entry. */
  public long term(long at) {
    lock.readLock().lock();
    try {
      return index.term(at);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Reads an entry; null where there is no such entry.
   *
   * @throws LogDamagedException where it is not what was written
   */
  public @Nullable Entry entry(long at) throws IOException {
    lock.readLock().lock();
    try {
      LogIndex.Place place = index.find(at);
      return place == null ? null : file(place.file()).read(at, place.at(), place.recordBytes());
    } finally {
      lock.readLock().unlock();
    }
  }

  /** The indexes of all entries of a kind, in order. */
  public List<Long> ofKind(int kind) {
    lock.readLock().lock();
    try {
      return index.ofKind(kind);
    } finally {
      lock.readLock().unlock();
    }
  }

  /**
   * Whether there is, as far as is known, a file for the log to go on in when the one is full that
   * it is in. Where not, there is still half a file left: for what frees room.
   */
  public boolean hasRoom() {
    return next.hasRoom(nextBytes);
  }

  /**
   * Appends entries behind the last and makes them durable, all with one sync.
   *
   * @return whether the log went on in a new file
   * @throws NoSpaceException where the disk is full; then nothing is appended
   */
  public synchronized boolean append(List<Entry> entries) throws IOException {
    long expected = index.last() + 1;
    long bytes = 0;
    for (Entry entry : entries) {
      if (entry.index() != expected++) {
        throw new IllegalArgumentException(
            "index: " + entry.index() + " (allowed: " + (expected - 1) + ")");
      }
      bytes += RecordHeader.recordBytes(entry.content().length);
    }
    if (bytes > MOST_APPEND_BYTES) {
      throw new IllegalArgumentException(
          "append: " + bytes + " bytes (allowed: up to " + MOST_APPEND_BYTES + ")");
    }
    int needed = (int) bytes + LogFile.RESERVED_BYTES;
    boolean full = current().free() < needed;
    change(() -> {
      if (full) {
        goOn(needed);
      }
      LogFile file = current();
      int[] at = {file.end()};
      file.append(entries);
      show(() -> {
        for (Entry entry : entries) {
          int recordBytes = RecordHeader.recordBytes(entry.content().length);
          index.add(entry.index(), entry.term(), entry.kind(), at[0], recordBytes);
          at[0] += recordBytes;
        }
      });
      if (file.free() < file.capacity() / 2) {
        next.prepare(nextBytes);
      }
    });
    return full;
  }

  /** Forgets the entries before one, which may be behind the last: then it will be the next. */
  public synchronized void truncatePrefix(long firstKept) throws IOException {
    if (firstKept > index.first()) {
      bound(firstKept, Math.max(index.last(), firstKept - 1));
    }
  }

  /** Cuts off the entries behind one. */
  public synchronized void truncateSuffix(long lastKept) throws IOException {
    if (lastKept < index.first() - 1) {
      throw new IllegalArgumentException(
          "index: " + lastKept + " (allowed: from " + (index.first() - 1) + ")");
    }
    if (lastKept < index.last()) {
      bound(index.first(), lastKept);
    }
  }

  /** Forgets all entries; the next will have the index. */
  public synchronized void reset(long nextIndex) throws IOException {
    if (nextIndex < 1) {
      throw new IllegalArgumentException("index: " + nextIndex + " (allowed: from 1)");
    }
    bound(nextIndex, nextIndex - 1);
  }

  private void bound(long first, long last) throws IOException {
    change(() -> {
      if (current().free() < BOUNDS_BYTES + CONTINUED_BYTES) {
        goOn(LogFile.RESERVED_BYTES);
      }
      current().note(RecordHeader.BOUNDS, last, encoded(first));
      show(() -> index.bound(first, last));
      for (long number : index.done()) {
        LogFile done = file(number);
        show(() -> {
          index.forget(number);
          files.remove(number);
        });
        deleted.delete(done);
      }
    });
  }

  private static byte[] encoded(long first) {
    return ByteBuffer.allocate(Long.BYTES).putLong(first).array();
  }

  /** The new file is there for good before the old says that the log goes on in it. */
  private void goOn(int bytes) throws IOException {
    LogFile full = current();
    addFile(full.number() + 1, Math.max(nextBytes, bytes + BOUNDS_BYTES));
    full.note(RecordHeader.CONTINUED, index.last(), new byte[0]);
    sizeNext();
  }

  private void addFile(long number, int bytes) throws IOException {
    Path draft = next.take(bytes);
    int end;
    try (LogFile file = new LogFile(draft, number, 0)) {
      file.note(RecordHeader.BOUNDS, index.last(), encoded(index.first()));
      end = file.end();
    }
    Path path = LogReplay.path(directory, number);
    Path _ = Files.move(draft, path, StandardCopyOption.ATOMIC_MOVE);
    try (FileChannel opened = FileChannel.open(directory)) {
      opened.force(true);
    }
    LogFile file = new LogFile(path, number, end);
    show(() -> {
      files.put(number, file);
      index.file(number);
    });
  }

  private void sizeNext() {
    nextBytes = (int) Math.min(fileBytes, 2L * current().capacity());
  }

  private LogFile current() {
    return files.lastEntry().getValue();
  }

  private LogFile file(long number) {
    LogFile file = files.get(number);
    if (file == null) {
      throw new IllegalStateException("no file " + number);
    }
    return file;
  }

  private void change(Change change) throws IOException {
    if (failed) {
      throw new IOException("the log in " + directory + " takes nothing after a failed write");
    }
    try {
      change.run();
    } catch (NoSpaceException e) {
      // Of the next file: nothing was written yet.
      throw e;
    } catch (IOException | RuntimeException e) {
      failed = true;
      throw e;
    }
  }

  private void show(Runnable change) {
    lock.writeLock().lock();
    try {
      change.run();
    } finally {
      lock.writeLock().unlock();
    }
  }

  @Override
  public synchronized void close() throws IOException {
    failed = true;
    next.close();
    deleted.close();
    lock.writeLock().lock();
    try {
      for (LogFile file : files.values()) {
        file.close();
      }
    } finally {
      lock.writeLock().unlock();
    }
  }

  @FunctionalInterface
  private interface Change {
    void run() throws IOException;
  }
}
