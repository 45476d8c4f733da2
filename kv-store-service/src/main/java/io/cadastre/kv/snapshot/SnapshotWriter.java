package io.cadastre.kv.snapshot;

import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Writes what an engine holds as a file that etcd's tools take for a database of their own.
 *
 * <p>Front to back but for the two pages that say where the root is.
 */
public final class SnapshotWriter {

  private static final int META_PAGES = 2;

  private SnapshotWriter() {}

  /**
   * Writes a file.
   *
   * @param instead contents of buckets to write in place of what the engine has in them
   */
  public static void write(
      StorageEngine engine, Map<Bucket, NavigableMap<byte[], byte[]>> instead, Path target)
      throws IOException {
    try (FileChannel file =
            FileChannel.open(
                target,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE);
        StorageEngine.View view = engine.view()) {
      BoltPages pages = new BoltPages(file, META_PAGES);
      long freelist = pages.append(new BoltPages.Page(BoltFormat.FREELIST_PAGE).encode());
      BoltPages.Page root = BoltPages.Page.ofBuckets();
      Map<String, Bucket> byName = new TreeMap<>();
      for (Bucket bucket : Bucket.values()) {
        byName.put(bucket.snapshotName(), bucket);
      }
      for (Map.Entry<String, Bucket> each : byName.entrySet()) {
        root.add(
            each.getKey().getBytes(StandardCharsets.UTF_8),
            bucket(pages, view, each.getValue(), instead));
      }
      long rootPage = pages.append(root.encode());
      pages.flush();
      for (int i = 0; i < META_PAGES; i++) {
        writeMeta(file, i, rootPage, freelist, pages.nextPage());
      }
      file.force(true);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static byte[] bucket(
      BoltPages pages,
      StorageEngine.View view,
      Bucket bucket,
      Map<Bucket, NavigableMap<byte[], byte[]>> instead) {
    BoltTree tree = new BoltTree(pages);
    boolean[] any = {false};
    StorageEngine.Visitor visitor =
        (key, value) -> {
          any[0] = true;
          tree.add(key, value);
          return true;
        };
    NavigableMap<byte[], byte[]> given = instead.get(bucket);
    if (given == null) {
      view.scan(bucket, new byte[0], null, visitor);
    } else {
      given.forEach(visitor::visit);
    }
    if (!any[0]) {
      // An empty bucket is its own page, inside the root.
      byte[] page = new BoltPages.Page(BoltFormat.LEAF_PAGE).encode();
      return ByteBuffer.allocate(BoltFormat.BUCKET_BYTES + page.length)
          .put(BoltFormat.BUCKET_BYTES, page)
          .array();
    }
    return ByteBuffer.allocate(BoltFormat.BUCKET_BYTES)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(tree.finish())
        .array();
  }

  private static void writeMeta(
      FileChannel file, int number, long rootPage, long freelist, long highWater)
      throws IOException {
    ByteBuffer page = ByteBuffer.allocate(BoltFormat.PAGE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    page.putLong(0, number).putShort(BoltFormat.FLAGS_AT, (short) BoltFormat.META_PAGE);
    ByteBuffer meta =
        page.slice(BoltFormat.PAGE_HEADER_BYTES, BoltFormat.META_CHECKED_BYTES + Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    meta.putInt(BoltFormat.MAGIC).putInt(BoltFormat.VERSION).putInt(BoltFormat.PAGE_BYTES);
    meta.putLong(BoltFormat.ROOT_AT, rootPage)
        .putLong(BoltFormat.FREELIST_AT, freelist)
        .putLong(BoltFormat.HIGH_WATER_AT, highWater)
        .putLong(BoltFormat.TRANSACTION_AT, number);
    byte[] checked = new byte[BoltFormat.META_CHECKED_BYTES];
    meta.get(0, checked);
    meta.putLong(BoltFormat.META_CHECKED_BYTES, BoltFormat.checksum(checked));
    file.write(page.rewind(), (long) number * BoltFormat.PAGE_BYTES);
  }
}
