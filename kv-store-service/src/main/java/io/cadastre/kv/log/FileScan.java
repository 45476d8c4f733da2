package io.cadastre.kv.log;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Reads a file of the log and decides what a place is at which no whole record stands.
 *
 * <p>An append is written after the one before it is synced. So whatever is written behind an
 * append proves that it was whole once. Only the last append can be torn, and then the disk has not
 * written some of its sectors: they are still as they were filled, with zeros. All else is damage,
 * also in the last append: it may have been acknowledged.
 */
final class FileScan {

  private static final int SECTOR_BYTES = 512;
  private static final byte[] NOT_READ = {};

  private final Path path;
  private final long file;
  private final ByteBuffer content;

  /** Behind the last byte that is not zero. */
  private final int written;

  /** Of the last whole record, for what is said of damage. */
  private long lastIndex = -1;

  private FileScan(Path path, long file, byte[] bytes) {
    this.path = path;
    this.file = file;
    content = ByteBuffer.wrap(bytes);
    int end = bytes.length;
    while (end > 0 && bytes[end - 1] == 0) {
      end--;
    }
    written = end;
  }

  /**
   * Visits the records of a file.
   *
   * @param mayBeTorn whether the last append of the log is in it
   * @throws LogDamagedException where a record is not what was written
   */
  static Found scan(Path path, long file, boolean mayBeTorn, Visitor visitor) throws IOException {
    FileScan scan = new FileScan(path, file, Files.readAllBytes(path));
    int at = 0;
    while (at < scan.written) {
      int bad = scan.firstBad(at);
      if (bad >= 0) {
        if (!mayBeTorn || at == 0 || !scan.isTorn(at, bad)) {
          throw scan.damaged(bad);
        }
        return new Found(at, scan.written);
      }
      at = scan.visit(at, visitor);
    }
    if (at == 0) {
      // The file's first record is synced before the file gets its name.
      throw scan.damaged(0);
    }
    return new Found(at, at);
  }

  private LogDamagedException damaged(int at) {
    return new LogDamagedException(
        path
            + " is damaged at byte "
            + at
            + (lastIndex < 0 ? ", in front of its first entry" : ", behind entry " + lastIndex));
  }

  private @Nullable RecordHeader header(int at) {
    return RecordHeader.read(content, at, file, at);
  }

  /** The first record of the append at a place that is not whole; -1 where all are. */
  private int firstBad(int start) {
    int at = start;
    int appendBytes = -1;
    do {
      RecordHeader header = header(at);
      if (header == null
          || header.before() != at - start
          || (appendBytes >= 0 && header.appendBytes() != appendBytes)
          || !header.contentIsWhole(content, at)) {
        return at;
      }
      appendBytes = header.appendBytes();
      at += header.recordBytes();
    } while (at - start < appendBytes);
    return -1;
  }

  private int visit(int start, Visitor visitor) {
    int at = start;
    while (true) {
      RecordHeader header = header(at);
      if (header == null) {
        throw new IllegalStateException("was there a moment ago");
      }
      visitor.visit(at, header, header.kind() < 0 ? header.content(content, at) : NOT_READ);
      lastIndex = header.index();
      at += header.recordBytes();
      if (at - start >= header.appendBytes()) {
        return at;
      }
    }
  }

  private boolean isTorn(int start, int bad) {
    int end = -1;
    for (int at = start; at < written; at++) {
      RecordHeader header = header(at);
      if (header != null) {
        if (at - header.before() != start) {
          return false;
        }
        end = start + header.appendBytes();
      }
    }
    if (end >= 0 && written > end) {
      return false;
    }
    RecordHeader header = header(bad);
    if (end < 0) {
      // Of a single record, whose header is not whole either.
      return written <= bad + RecordHeader.BYTES
          || hasUnwrittenSector(start, bad, bad + RecordHeader.BYTES, content.limit());
    }
    int badEnd = bad + (header == null ? RecordHeader.BYTES : header.recordBytes());
    return written < end || hasUnwrittenSector(start, bad, badEnd, end);
  }

  /** Whether a sector that the bytes from-to touch holds nothing of the append start-end. */
  private boolean hasUnwrittenSector(int start, int from, int to, int end) {
    for (int sector = from - from % SECTOR_BYTES; sector < to; sector += SECTOR_BYTES) {
      if (isZero(Math.max(sector, start), Math.min(sector + SECTOR_BYTES, end))) {
        return true;
      }
    }
    return false;
  }

  private boolean isZero(int from, int to) {
    for (int at = from; at < to; at++) {
      if (content.get(at) != 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * What a file holds.
   *
   * @param end behind the last whole append
   * @param dirtyEnd behind what is left of a torn one
   */
  record Found(int end, int dirtyEnd) {}

  /** Looks at a record. The content is there of what the log notes for itself. */
  @FunctionalInterface
  interface Visitor {
    void visit(int at, RecordHeader header, byte[] content);
  }
}
