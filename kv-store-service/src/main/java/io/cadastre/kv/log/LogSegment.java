package io.cadastre.kv.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * A file of the log. An entry is its length (4 bytes), the CRC-32C of index and content (4), its
 * index (8), its content.
 *
 * <p>The file is filled with zeros a chunk ahead, so that an append changes no metadata of the file
 * and syncing it takes one write of the disk. A length of zero is the end.
 */
final class LogSegment implements AutoCloseable {

  static final int HEADER_BYTES = 16;
  private static final int CHUNK_BYTES = 4 << 20;

  private final Path path;
  private final FileChannel file;
  private long end;
  private long filled;
  private long lastIndex;

  private LogSegment(Path path, FileChannel file, long end, long lastIndex) throws IOException {
    this.path = path;
    this.file = file;
    this.end = end;
    this.filled = file.size();
    this.lastIndex = lastIndex;
  }

  static LogSegment create(Path directory, String name, long lastIndex) throws IOException {
    Path path = directory.resolve(name);
    FileChannel file =
        FileChannel.open(
            path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE);
    LogSegment segment = new LogSegment(path, file, 0, lastIndex);
    try {
      segment.fill(0);
    } catch (NoSpaceException e) {
      segment.delete();
      throw e;
    }
    syncDirectory(directory);
    return segment;
  }

  private static void syncDirectory(Path directory) throws IOException {
    try (FileChannel opened = FileChannel.open(directory)) {
      opened.force(true);
    }
  }

  /**
   * Opens a file and visits its entries.
   *
   * @param last whether it is the newest: then what follows a torn append is cut off, since nobody
   *     was told that it was done
   */
  static LogSegment open(Path path, boolean last, EntryVisitor visitor) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    ByteBuffer content = ByteBuffer.wrap(bytes);
    int at = 0;
    long lastIndex = 0;
    while (content.capacity() - at >= HEADER_BYTES && content.getInt(at) != 0) {
      int length = content.getInt(at);
      boolean whole =
          length > 0
              && length <= content.capacity() - at - HEADER_BYTES
              && content.getInt(at + 4) == checksum(bytes, at + 8, Long.BYTES + length);
      if (!whole) {
        if (!last || hasWholeEntryAfter(bytes, at, lastIndex)) {
          throw new LogDamagedException(path + " is damaged at byte " + at);
        }
        break;
      }
      lastIndex = content.getLong(at + 8);
      byte[] entry = new byte[length];
      content.get(at + HEADER_BYTES, entry);
      visitor.visit(lastIndex, entry);
      at += HEADER_BYTES + length;
    }
    FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    LogSegment segment = new LogSegment(path, file, at, lastIndex);
    if (last) {
      file.truncate(at);
      segment.filled = at;
      segment.fill(at);
    }
    return segment;
  }

  /** A torn append is the last there is; a whole entry behind the damage says it is none. */
  private static boolean hasWholeEntryAfter(byte[] bytes, int damagedAt, long lastIndex) {
    ByteBuffer content = ByteBuffer.wrap(bytes);
    for (int at = damagedAt + 1; at + HEADER_BYTES < bytes.length; at++) {
      int length = content.getInt(at);
      long index = content.getLong(at + 8);
      if (length > 0
          && length <= bytes.length - at - HEADER_BYTES
          && index > lastIndex
          && index <= lastIndex + bytes.length
          && content.getInt(at + 4) == checksum(bytes, at + 8, Long.BYTES + length)) {
        return true;
      }
    }
    return false;
  }

  private static int checksum(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }

  private void fill(long from) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(CHUNK_BYTES);
    long at = from;
    try {
      while (zeros.hasRemaining()) {
        at += file.write(zeros, at);
      }
      file.force(true);
    } catch (IOException e) {
      // Only zeros were to be written: nothing is lost, and it can be tried again.
      throw new NoSpaceException(path + " cannot grow", e);
    }
    filled = at;
  }

  /**
   * Appends entries and makes them durable.
   *
   * @throws NoSpaceException where the disk is full; then nothing is appended
   */
  void append(long firstIndex, List<byte[]> entries) throws IOException {
    int bytes = entries.stream().mapToInt(entry -> HEADER_BYTES + entry.length).sum();
    ByteBuffer buffer = ByteBuffer.allocate(bytes);
    long index = firstIndex;
    for (byte[] entry : entries) {
      int at = buffer.position();
      buffer.putInt(entry.length).putInt(0).putLong(index++).put(entry);
      buffer.putInt(at + 4, checksum(buffer.array(), at + 8, Long.BYTES + entry.length));
    }
    while (end + bytes > filled) {
      fill(filled);
    }
    buffer.flip();
    while (buffer.hasRemaining()) {
      end += file.write(buffer, end);
    }
    file.force(false);
    lastIndex = index - 1;
  }

  long bytes() {
    return end;
  }

  long lastIndex() {
    return lastIndex;
  }

  void delete() throws IOException {
    file.close();
    Files.delete(path);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Looks at an entry. */
  interface EntryVisitor {
    void visit(long index, byte[] entry);
  }
}
