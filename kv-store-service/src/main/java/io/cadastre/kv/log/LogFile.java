package io.cadastre.kv.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A file of the log, filled with zeros up to its end before it is used, so that an append changes
 * nothing but bytes that are there: syncing it is one write of the disk.
 */
final class LogFile implements AutoCloseable {

  /** Left free by entries, so that there is room for what the log notes for itself. */
  static final int RESERVED_BYTES = 2 << 10;

  private static final int KEPT_BUFFER_BYTES = 1 << 20;

  private final Path path;
  private final long number;
  private final FileChannel file;
  private final int capacity;
  private ByteBuffer buffer = ByteBuffer.allocateDirect(16 << 10);
  private FileChannel readable;
  private boolean closed;
  private int end;

  /** Goes on with a file behind what it holds. */
  LogFile(Path path, long number, int end) throws IOException {
    this.path = path;
    this.number = number;
    this.end = end;
    file = FileChannel.open(path, StandardOpenOption.WRITE);
    capacity = Math.toIntExact(file.size());
    readable = FileChannel.open(path);
  }

  Path path() {
    return path;
  }

  long number() {
    return number;
  }

  int capacity() {
    return capacity;
  }

  int free() {
    return capacity - end;
  }

  static int bytes(List<Entry> entries) {
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += RecordHeader.recordBytes(entry.content().length);
    }
    return Math.toIntExact(bytes);
  }

  /** Appends entries and makes them durable. There must be room. */
  void append(List<Entry> entries) throws IOException {
    int bytes = bytes(entries);
    ByteBuffer records = records(bytes);
    for (Entry entry : entries) {
      byte[] content = entry.content();
      put(records, content, entry.kind(), entry.index(), entry.term(), bytes);
    }
    write(records);
  }

  /** Appends what the log notes for itself. */
  void note(int kind, long index, byte[] content) throws IOException {
    int bytes = RecordHeader.recordBytes(content.length);
    ByteBuffer records = records(bytes);
    put(records, content, kind, index, 0, bytes);
    write(records);
  }

  private ByteBuffer records(int bytes) {
    if (bytes > free()) {
      throw new IllegalStateException(path + " has no room for " + bytes + " bytes");
    }
    ByteBuffer records = buffer;
    if (bytes > buffer.capacity()) {
      records = ByteBuffer.allocateDirect(bytes);
      if (bytes <= KEPT_BUFFER_BYTES) {
        buffer = records;
      }
    }
    return records.clear();
  }

  private void put(
      ByteBuffer records, byte[] content, int kind, long index, long term, int appendBytes) {
    int before = records.position();
    new RecordHeader(
            RecordHeader.sum(content), content.length, kind, index, term, before, appendBytes)
        .put(records, number, end + before);
    records.put(content).put(RecordHeader.END_MARK);
  }

  private void write(ByteBuffer records) throws IOException {
    records.flip();
    int at = end;
    while (records.hasRemaining()) {
      at += file.write(records, at);
    }
    file.force(false);
    end = at;
  }

  /** Where the next record comes to stand. */
  int end() {
    return end;
  }

  /** Puts zeros where the rest of a torn append is. */
  void wipe(int upTo) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocate(upTo - end);
    int at = end;
    while (zeros.hasRemaining()) {
      at += file.write(zeros, at);
    }
    file.force(true);
  }

  /**
   * Reads an entry. It may run beside an append.
   *
   * @throws LogDamagedException where it is not what was written
   */
  Entry read(long index, int at, int recordBytes) throws IOException {
    ByteBuffer record = ByteBuffer.allocate(recordBytes);
    read(record, at);
    RecordHeader header = RecordHeader.read(record, 0, number, at);
    if (header == null || header.index() != index || !header.contentIsWhole(record, 0)) {
      throw new LogDamagedException(path + " is damaged at byte " + at + ", in entry " + index);
    }
    return new Entry(index, header.term(), header.kind(), header.content(record, 0));
  }

  /** Reads bytes, also on a thread that is interrupted: that closes the channel for all. */
  private void read(ByteBuffer into, int from) throws IOException {
    boolean interrupted = false;
    try {
      while (into.hasRemaining()) {
        FileChannel channel = readable();
        try {
          if (channel.read(into, from + (long) into.position()) < 0) {
            return;
          }
        } catch (ClosedChannelException _) {
          interrupted |= Thread.interrupted();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      into.flip();
    }
  }

  private synchronized FileChannel readable() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (!readable.isOpen()) {
      readable = FileChannel.open(path);
    }
    return readable;
  }

  void delete() throws IOException {
    close();
    Files.delete(path);
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    file.close();
    readable.close();
  }
}
