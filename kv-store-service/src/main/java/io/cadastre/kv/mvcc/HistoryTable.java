package io.cadastre.kv.mvcc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.SecureRandom;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Finds the history of a key without looking at many others on the way. For one thread.
 *
 * <p>Open addressing without objects of its own, since there are millions: a history knows its key.
 */
final class HistoryTable {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

  /** Nobody can choose keys that all fall on one place. */
  private final long seed = new SecureRandom().nextLong();

  private final long factor = new SecureRandom().nextLong() | 1;

  private @Nullable KeyHistory[] places = new KeyHistory[16];
  private int count;

  @Nullable KeyHistory get(byte[] key) {
    return places[place(key)];
  }

  /** Adds one that is not there yet. */
  void add(KeyHistory history) {
    if (3 * (count + 1) > 2 * places.length) {
      grow();
    }
    places[place(history.key())] = history;
    count++;
  }

  void remove(byte[] key) {
    int free = place(key);
    if (places[free] == null) {
      return;
    }
    places[free] = null;
    count--;
    // Whoever was pushed on by others moves back, so that nothing is searched for past a gap.
    int at = next(free);
    for (KeyHistory moved = places[at]; moved != null; moved = places[at]) {
      places[at] = null;
      places[place(moved.key())] = moved;
      at = next(at);
    }
  }

  private void grow() {
    @Nullable KeyHistory[] before = places;
    places = new KeyHistory[2 * before.length];
    for (KeyHistory history : before) {
      if (history != null) {
        places[place(history.key())] = history;
      }
    }
  }

  /** Where it is, or would be. */
  private int place(byte[] key) {
    int at = hash(key) & (places.length - 1);
    for (KeyHistory found = places[at];
        found != null && !Arrays.equals(found.key(), key);
        found = places[at]) {
      at = next(at);
    }
    return at;
  }

  private int next(int at) {
    return (at + 1) & (places.length - 1);
  }

  private int hash(byte[] key) {
    long hash = seed ^ key.length * MULTIPLIER;
    int at = 0;
    for (; at + Long.BYTES <= key.length; at += Long.BYTES) {
      hash = mixed(hash ^ (long) LONGS.get(key, at));
    }
    long rest = 0;
    for (; at < key.length; at++) {
      rest = rest << Byte.SIZE | (key[at] & 0xFF);
    }
    hash = mixed(hash ^ rest);
    return (int) (hash ^ hash >>> 32);
  }

  private long mixed(long bits) {
    return bits * factor ^ Math.unsignedMultiplyHigh(bits, factor);
  }
}
