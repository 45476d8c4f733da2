package io.cadastre.kv.snapshot;

import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine.Visitor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/** Reads a bbolt file as etcd writes it, of any size of page. One scan at a time. */
public final class SnapshotReader implements AutoCloseable {

  private static final int DIGEST_BYTES = 32;
  private static final int SECTOR_BYTES = 512;
  private static final int DEEPEST_TREE = 64;
  private static final int SMALLEST_PAGE = 512;
  private static final ValueLayout.OfShort SHORT =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final Path path;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment file;
  private final long pageBytes;
  private final long rootPage;
  private long pagesOfScan;

  /**
   * Opens a file.
   *
   * @throws SnapshotException where it is none, or its digest does not fit
   */
  public SnapshotReader(Path path) throws IOException {
    this.path = path;
    try (FileChannel channel = FileChannel.open(path)) {
      file = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
    try {
      checkDigest();
      MemorySegment meta = newestMeta();
      pageBytes = Integer.toUnsignedLong(meta.get(INT, BoltFormat.PAGE_SIZE_AT));
      rootPage = meta.get(LONG, BoltFormat.ROOT_AT);
    } catch (IndexOutOfBoundsException e) {
      arena.close();
      throw new SnapshotException(path + " ends too early to be a snapshot", e);
    } catch (SnapshotException e) {
      arena.close();
      throw e;
    }
  }

  /** A snapshot carries its SHA-256 at the end; a database file of etcd's does not. */
  private void checkDigest() {
    if (file.byteSize() % SECTOR_BYTES != DIGEST_BYTES) {
      return;
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      long content = file.byteSize() - DIGEST_BYTES;
      byte[] chunk = new byte[1 << 16];
      for (long at = 0; at < content; at += chunk.length) {
        int length = (int) Math.min(chunk.length, content - at);
        MemorySegment.copy(file, ValueLayout.JAVA_BYTE, at, chunk, 0, length);
        digest.update(chunk, 0, length);
      }
      byte[] expected = file.asSlice(content).toArray(ValueLayout.JAVA_BYTE);
      if (!Arrays.equals(digest.digest(), expected)) {
        throw new SnapshotException(path + " is damaged: its SHA-256 does not fit");
      }
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private MemorySegment newestMeta() {
    MemorySegment first = meta(0);
    if (isValid(first)) {
      MemorySegment second = meta(Integer.toUnsignedLong(first.get(INT, BoltFormat.PAGE_SIZE_AT)));
      return isValid(second) && transaction(second) > transaction(first) ? second : first;
    }
    // The first may be torn; then the size of a page is not known, but it is a power of two.
    for (long size = SMALLEST_PAGE; size <= 1 << 16; size *= 2) {
      MemorySegment second = meta(size);
      if (isValid(second)) {
        return second;
      }
    }
    throw new SnapshotException(path + " is not a snapshot: it holds no valid meta page");
  }

  private MemorySegment meta(long pageAt) {
    return file.asSlice(
        pageAt + BoltFormat.PAGE_HEADER_BYTES, BoltFormat.META_CHECKED_BYTES + Long.BYTES);
  }

  private static boolean isValid(MemorySegment meta) {
    byte[] checked = meta.asSlice(0, BoltFormat.META_CHECKED_BYTES).toArray(ValueLayout.JAVA_BYTE);
    return meta.get(INT, 0) == BoltFormat.MAGIC
        && meta.get(INT, Integer.BYTES) == BoltFormat.VERSION
        && meta.get(INT, BoltFormat.PAGE_SIZE_AT) >= SMALLEST_PAGE
        && meta.get(LONG, BoltFormat.META_CHECKED_BYTES) == BoltFormat.checksum(checked);
  }

  private static long transaction(MemorySegment meta) {
    return meta.get(LONG, BoltFormat.TRANSACTION_AT);
  }

  /** Visits the entries of a bucket in order; one that is not there has none. */
  public void scan(Bucket bucket, Visitor visitor) {
    byte[] wanted = bucket.snapshotName().getBytes(StandardCharsets.UTF_8);
    pagesOfScan = 0;
    try {
      boolean _ =
          walk(
              page(rootPage),
              DEEPEST_TREE,
              (isBucket, key, value) -> {
                if (!isBucket || !Arrays.equals(key, wanted)) {
                  return true;
                }
                scanBucket(value, visitor);
                return false;
              });
    } catch (IndexOutOfBoundsException e) {
      throw new SnapshotException(path + " is damaged: bucket " + bucket.snapshotName(), e);
    }
  }

  private void scanBucket(byte[] value, Visitor visitor) {
    MemorySegment bucket = MemorySegment.ofArray(value);
    long root = bucket.get(LONG, 0);
    MemorySegment page = root == 0 ? bucket.asSlice(BoltFormat.BUCKET_BYTES) : page(root);
    boolean _ =
        walk(page, DEEPEST_TREE, (isBucket, key, entry) -> isBucket || visitor.visit(key, entry));
  }

  private MemorySegment page(long id) {
    long pages = file.byteSize() / pageBytes;
    // No page is in a tree twice, unless damage made a circle.
    if (id < 0 || id >= pages || ++pagesOfScan > pages) {
      throw new SnapshotException(path + " is damaged: page " + id + " in a tree");
    }
    long at = id * pageBytes;
    long overflow = Integer.toUnsignedLong(file.get(INT, at + BoltFormat.OVERFLOW_AT));
    return file.asSlice(at, (overflow + 1) * pageBytes);
  }

  private boolean walk(MemorySegment page, int deepest, ElementVisitor visitor) {
    int flags = Short.toUnsignedInt(page.get(SHORT, BoltFormat.FLAGS_AT));
    int count = Short.toUnsignedInt(page.get(SHORT, BoltFormat.COUNT_AT));
    boolean leaf = flags == BoltFormat.LEAF_PAGE;
    if (deepest == 0 || (!leaf && flags != BoltFormat.BRANCH_PAGE)) {
      throw new SnapshotException(path + " is damaged: a page of kind " + flags + " in a tree");
    }
    for (int i = 0; i < count; i++) {
      long element = BoltFormat.PAGE_HEADER_BYTES + (long) i * BoltFormat.ELEMENT_BYTES;
      boolean goesOn =
          leaf
              ? visit(page, element, visitor)
              : walk(page(page.get(LONG, element + Long.BYTES)), deepest - 1, visitor);
      if (!goesOn) {
        return false;
      }
    }
    return true;
  }

  private static boolean visit(MemorySegment page, long element, ElementVisitor visitor) {
    int flags = page.get(INT, element);
    long place = element + Integer.toUnsignedLong(page.get(INT, element + 4));
    long keySize = Integer.toUnsignedLong(page.get(INT, element + 8));
    long valueSize = Integer.toUnsignedLong(page.get(INT, element + 12));
    return visitor.visit(
        (flags & BoltFormat.BUCKET_ELEMENT) != 0,
        page.asSlice(place, keySize).toArray(ValueLayout.JAVA_BYTE),
        page.asSlice(place + keySize, valueSize).toArray(ValueLayout.JAVA_BYTE));
  }

  @Override
  public void close() {
    arena.close();
  }

  private interface ElementVisitor {
    boolean visit(boolean isBucket, byte[] key, byte[] value);
  }
}
