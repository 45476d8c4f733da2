package io.cadastre.kv.snapshot;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/** The pages of a bbolt file that is written from front to back. */
final class BoltPages {

  private static final int WRITE_BUFFER_PAGES = 64;

  private final FileChannel file;
  private final ByteBuffer buffer =
      ByteBuffer.allocateDirect(WRITE_BUFFER_PAGES * BoltFormat.PAGE_BYTES)
          .order(ByteOrder.LITTLE_ENDIAN);
  private long nextPage;

  BoltPages(FileChannel file, long firstPage) throws IOException {
    this.file = file;
    this.nextPage = firstPage;
    file.position(firstPage * BoltFormat.PAGE_BYTES);
  }

  long nextPage() {
    return nextPage;
  }

  /** Writes a page, with as many behind it as it takes, and says which it is. */
  long append(byte[] page) {
    long id = nextPage;
    int pages = Math.ceilDiv(page.length, BoltFormat.PAGE_BYTES);
    ByteBuffer header = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
    header.putLong(0, id);
    header.putInt(BoltFormat.OVERFLOW_AT, pages - 1);
    put(page);
    put(new byte[pages * BoltFormat.PAGE_BYTES - page.length]);
    nextPage += pages;
    return id;
  }

  private void put(byte[] bytes) {
    int done = 0;
    while (done < bytes.length) {
      int part = Math.min(buffer.remaining(), bytes.length - done);
      buffer.put(bytes, done, part);
      done += part;
      if (!buffer.hasRemaining()) {
        flush();
      }
    }
  }

  void flush() {
    try {
      buffer.flip();
      while (buffer.hasRemaining()) {
        int _ = file.write(buffer);
      }
      buffer.clear();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One page under construction. */
  static final class Page {

    private final int flags;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();
    private final List<Long> children = new ArrayList<>();
    private int elementFlags;
    private int bytes = BoltFormat.PAGE_HEADER_BYTES;

    Page(int flags) {
      this.flags = flags;
    }

    static Page ofBuckets() {
      Page page = new Page(BoltFormat.LEAF_PAGE);
      page.elementFlags = BoltFormat.BUCKET_ELEMENT;
      return page;
    }

    boolean isEmpty() {
      return keys.isEmpty();
    }

    boolean takes(int moreBytes) {
      return bytes + BoltFormat.ELEMENT_BYTES + moreBytes <= BoltFormat.PAGE_BYTES;
    }

    byte[] firstKey() {
      return keys.getFirst();
    }

    void add(byte[] key, byte[] value) {
      keys.add(key);
      values.add(value);
      bytes += BoltFormat.ELEMENT_BYTES + key.length + value.length;
    }

    void add(byte[] key, long child) {
      keys.add(key);
      values.add(new byte[0]);
      children.add(child);
      bytes += BoltFormat.ELEMENT_BYTES + key.length;
    }

    byte[] encode() {
      ByteBuffer page = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
      page.putLong(0).putShort((short) flags).putShort((short) keys.size()).putInt(0);
      int data = BoltFormat.PAGE_HEADER_BYTES + keys.size() * BoltFormat.ELEMENT_BYTES;
      for (int i = 0; i < keys.size(); i++) {
        int place = data - page.position();
        int keySize = keys.get(i).length;
        if (flags == BoltFormat.BRANCH_PAGE) {
          page.putInt(place).putInt(keySize).putLong(children.get(i));
        } else {
          page.putInt(elementFlags).putInt(place).putInt(keySize).putInt(values.get(i).length);
        }
        data += keySize + values.get(i).length;
      }
      for (int i = 0; i < keys.size(); i++) {
        page.put(keys.get(i)).put(values.get(i));
      }
      return page.array();
    }
  }
}
