package io.cadastre.kv.mvcc;

import com.google.protobuf.ByteString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Keys a request is about: one, or all from {@code from} up to and without {@code to}.
 *
 * @param to null = to the end
 */
@SuppressWarnings("ArrayRecordComponent") // Compared by nobody; a copy for each request would be.
public record KeyRange(byte[] from, byte @Nullable [] to, boolean single) {

  private static final byte[] ZERO = {0};

  /**
   * As etcd's requests spell it: no end = one key, an end of one zero byte = every key from there
   * on, key and end of one zero byte = every key.
   */
  public static KeyRange of(ByteString key, ByteString rangeEnd) {
    byte[] from = key.toByteArray();
    if (rangeEnd.isEmpty()) {
      return new KeyRange(from, null, true);
    }
    byte[] end = rangeEnd.toByteArray();
    return new KeyRange(from, Arrays.equals(end, ZERO) ? null : end, false);
  }

  /** True where no key can be in it, which is not an error. */
  public boolean isEmpty() {
    return !single && to != null && Arrays.compareUnsigned(from, to) >= 0;
  }

  /** Whether a key is in it. */
  public boolean contains(byte[] key) {
    if (single) {
      return Arrays.equals(from, key);
    }
    return Arrays.compareUnsigned(from, key) <= 0
        && (to == null || Arrays.compareUnsigned(key, to) < 0);
  }
}
