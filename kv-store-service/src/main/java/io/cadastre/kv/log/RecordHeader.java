package io.cadastre.kv.log;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before the content of a record in a file of the log.
 *
 * <p>A record is a header of 40 bytes, the content, and a mark that is not zero, so that a record
 * whose end was never written can be told from one that was changed. The header has a checksum of
 * its own, which covers where the record stands, too: bytes that look like a record inside of a
 * value are none.
 *
 * @param before bytes of the same append in front of this record
 * @param appendBytes bytes of the whole append: it was written and synced at once
 */
record RecordHeader(
    int contentSum, int length, int kind, long index, long term, int before, int appendBytes) {

  static final int BYTES = 40;

  /** Content and header are behind; the mark says that all of it was written. */
  static final byte END_MARK = (byte) 0xED;

  /** The log holds what the content and the index say, from here on: first and last entry. */
  static final int BOUNDS = -1;

  /** The log goes on in the next file. */
  static final int CONTINUED = -2;

  private static final int SUM_BYTES = Integer.BYTES;

  static int recordBytes(int contentLength) {
    return BYTES + contentLength + 1;
  }

  int recordBytes() {
    return recordBytes(length);
  }

  /** Writes it; the buffer's position is where the record begins. */
  void put(ByteBuffer target, long file, int position) {
    int at = target.position();
    target.putInt(0).putInt(contentSum).putInt(length).putInt(kind);
    target.putLong(index).putLong(term).putInt(before).putInt(appendBytes);
    target.putInt(at, sum(target, at, file, position));
  }

  /**
   * Reads a header.
   *
   * @param at where it stands in the buffer
   * @param file and position: where it stands in the log
   * @return null where no whole header of this place stands there
   */
  static @Nullable RecordHeader read(ByteBuffer from, int at, long file, int position) {
    if (at < 0 || from.limit() - at < BYTES) {
      return null;
    }
    int length = from.getInt(at + 8);
    int before = from.getInt(at + 32);
    int appendBytes = from.getInt(at + 36);
    boolean possible =
        length >= 0
            && before >= 0
            && before <= position
            && appendBytes - (long) before >= (long) BYTES + length + 1;
    if (!possible || from.getInt(at) != sum(from, at, file, position)) {
      return null;
    }
    return new RecordHeader(
        from.getInt(at + 4),
        length,
        from.getInt(at + 12),
        from.getLong(at + 16),
        from.getLong(at + 24),
        before,
        appendBytes);
  }

  private static int sum(ByteBuffer buffer, int at, long file, int position) {
    CRC32C sum = new CRC32C();
    sum.update(buffer.slice(at + SUM_BYTES, BYTES - SUM_BYTES));
    ByteBuffer place = ByteBuffer.allocate(Long.BYTES + Integer.BYTES);
    sum.update(place.putLong(file).putInt(position).flip());
    return (int) sum.getValue();
  }

  static int sum(byte[] content) {
    CRC32C sum = new CRC32C();
    sum.update(content);
    return (int) sum.getValue();
  }

  /** Whether the content behind the header and its mark are what was written. */
  boolean contentIsWhole(ByteBuffer from, int at) {
    if (from.limit() - at < recordBytes() || from.get(at + BYTES + length) != END_MARK) {
      return false;
    }
    CRC32C sum = new CRC32C();
    sum.update(from.slice(at + BYTES, length));
    return (int) sum.getValue() == contentSum;
  }

  byte[] content(ByteBuffer from, int at) {
    byte[] content = new byte[length];
    from.get(at + BYTES, content);
    return content;
  }
}
