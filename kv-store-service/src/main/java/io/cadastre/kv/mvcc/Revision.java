package io.cadastre.kv.mvcc;

import java.nio.ByteBuffer;

/**
 * Place of a change in the history of the store.
 *
 * @param main rises by one with every transaction that changes something
 * @param sub counts the changes inside it, from 0
 */
public record Revision(long main, long sub) implements Comparable<Revision> {

  private static final int ENCODED_BYTES = 17;

  @Override
  public int compareTo(Revision other) {
    int byMain = Long.compare(main, other.main);
    return byMain != 0 ? byMain : Long.compare(sub, other.sub);
  }

  /** The key under which a change is stored: etcd's, byte for byte, since hashes cover it. */
  byte[] encode(boolean tombstone) {
    ByteBuffer encoded = ByteBuffer.allocate(tombstone ? ENCODED_BYTES + 1 : ENCODED_BYTES);
    encoded.putLong(main).put((byte) '_').putLong(sub);
    if (tombstone) {
      encoded.put((byte) 't');
    }
    return encoded.array();
  }

  static Revision decode(byte[] key) {
    ByteBuffer encoded = ByteBuffer.wrap(key);
    return new Revision(encoded.getLong(0), encoded.getLong(9));
  }

  static boolean isTombstone(byte[] key) {
    return key.length == ENCODED_BYTES + 1;
  }
}
