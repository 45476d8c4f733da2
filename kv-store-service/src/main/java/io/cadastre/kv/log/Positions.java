package io.cadastre.kv.log;

import java.util.Arrays;
import java.util.List;

/** Where the entries of a file stand. */
final class Positions {

  private static final int SIZE_BITS = Integer.SIZE;
  private static final long SIZE_MASK = (1L << SIZE_BITS) - 1;

  private long base;
  private int count;
  private long[] packed = new long[64];
  private int[] kinds = new int[64];

  boolean holds(long index) {
    return index >= base && index < base + count;
  }

  /** Behind the last; nothing is known where it is empty. */
  long end() {
    return base + count;
  }

  boolean isEmpty() {
    return count == 0;
  }

  void add(long index, int kind, int at, int recordBytes) {
    if (count == 0) {
      base = index;
    } else if (index != base + count) {
      throw new IllegalStateException("entry " + index + " behind " + (base + count - 1));
    }
    if (count == packed.length) {
      packed = Arrays.copyOf(packed, 2 * count);
      kinds = Arrays.copyOf(kinds, 2 * count);
    }
    packed[count] = ((long) at << SIZE_BITS) | recordBytes;
    kinds[count] = kind;
    count++;
  }

  void cutAfter(long last) {
    count = Math.clamp(last - base + 1, 0, count);
  }

  int at(long index) {
    return (int) (packed[(int) (index - base)] >>> SIZE_BITS);
  }

  int recordBytes(long index) {
    return (int) (packed[(int) (index - base)] & SIZE_MASK);
  }

  /** Adds the entries of a kind from an index on. */
  void ofKind(int kind, long from, List<Long> found) {
    for (int i = 0; i < count; i++) {
      if (kinds[i] == kind && base + i >= from) {
        found.add(base + i);
      }
    }
  }
}
