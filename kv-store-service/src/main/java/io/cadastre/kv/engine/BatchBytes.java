package io.cadastre.kv.engine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.ToIntFunction;

/**
 * Changes as RocksDB writes a batch of them down, so that they go over to it in one call instead of
 * one for each. The form is that of its write-ahead log (its {@code write_batch.cc}): eight bytes
 * for a sequence number, which it sets, how many there are, and each with its kind, its family, and
 * keys and values behind their lengths.
 */
final class BatchBytes {

  private static final int HEADER_BYTES = Long.BYTES + Integer.BYTES;
  private static final byte DELETE = 4;
  private static final byte PUT = 5;

  private BatchBytes() {}

  /**
   * Writes changes down.
   *
   * @param family the number of the family that holds a bucket
   */
  static byte[] of(Changes changes, ToIntFunction<Bucket> family) {
    Size size = new Size(family);
    changes.applyTo(size);
    ByteBuffer bytes = ByteBuffer.allocate(size.bytes).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putLong(0).putInt(changes.size());
    changes.applyTo(new Writing(bytes, family));
    return bytes.array();
  }

  private static final class Size implements Changes.Target<RuntimeException> {

    private final ToIntFunction<Bucket> family;
    private int bytes = HEADER_BYTES;

    Size(ToIntFunction<Bucket> family) {
      this.family = family;
    }

    @Override
    public void put(Bucket bucket, byte[] key, byte[] value) {
      delete(bucket, key);
      add(varintBytes(value.length) + value.length);
    }

    @Override
    public void delete(Bucket bucket, byte[] key) {
      int id = family.applyAsInt(bucket);
      add(1 + varintBytes(id) + varintBytes(key.length) + key.length);
    }

    private void add(int more) {
      bytes = Math.addExact(bytes, more);
    }
  }

  private record Writing(ByteBuffer bytes, ToIntFunction<Bucket> family)
      implements Changes.Target<RuntimeException> {

    @Override
    public void put(Bucket bucket, byte[] key, byte[] value) {
      begin(PUT, bucket, key);
      varint(value.length);
      ByteBuffer _ = bytes.put(value);
    }

    @Override
    public void delete(Bucket bucket, byte[] key) {
      begin(DELETE, bucket, key);
    }

    private void begin(byte kind, Bucket bucket, byte[] key) {
      ByteBuffer _ = bytes.put(kind);
      varint(family.applyAsInt(bucket));
      varint(key.length);
      ByteBuffer _ = bytes.put(key);
    }

    private void varint(int number) {
      int rest = number;
      while (rest >= 0x80) {
        ByteBuffer _ = bytes.put((byte) (rest | 0x80));
        rest >>>= 7;
      }
      ByteBuffer _ = bytes.put((byte) rest);
    }
  }

  private static int varintBytes(int number) {
    int bytes = 1;
    for (int rest = number; rest >= 0x80; rest >>>= 7) {
      bytes++;
    }
    return bytes;
  }
}
