package io.cadastre.kv.mvcc;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The revisions at which one key was put or deleted, oldest first.
 *
 * <p>One writer appends and compacts; any number of readers look meanwhile, without locks:
 * everything is in one array whose first slot, the count, is published last. A reader sees a prefix
 * of the history, and since it asks for a revision that was published before, the prefix is long
 * enough.
 *
 * <p>An entry takes two slots: the main revision, and the sub revision shifted left by one with the
 * lowest bit set for a tombstone. A million keys are a million of these, hence no objects inside.
 */
final class KeyHistory {

  private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int FIRST = 1;

  private final byte[] key;

  private volatile long[] slots = new long[FIRST + 2];

  /** Of the generation that is alive; the writer's alone. */
  private long createRevision;

  private long version;

  /** Makes an empty one; the key is not copied and must not change any more. */
  KeyHistory(byte[] key) {
    this.key = key;
  }

  byte[] key() {
    return key;
  }

  long createRevision() {
    return createRevision;
  }

  /** Puts since the key came into being; 0 = it does not exist now. */
  long version() {
    return version;
  }

  void put(Revision revision) {
    if (version == 0) {
      createRevision = revision.main();
    }
    version++;
    append(revision, false);
  }

  void delete(Revision revision) {
    version = 0;
    createRevision = 0;
    append(revision, true);
  }

  /** Takes up a put found on disk at start, where earlier ones may be compacted away. */
  void restorePut(Revision revision, long createRevision, long version) {
    this.createRevision = createRevision;
    this.version = version;
    append(revision, false);
  }

  private void append(Revision revision, boolean tombstone) {
    long[] current = slots;
    int end = end(current);
    long[] target = end + 2 <= current.length ? current : grown(current);
    target[end] = revision.main();
    target[end + 1] = revision.sub() << 1 | (tombstone ? 1 : 0);
    SLOTS.setRelease(target, 0, (long) count(current) + 1);
    if (target != current) {
      slots = target;
    }
  }

  private static long[] grown(long[] current) {
    int entries = Math.max(2, count(current) * 3 / 2);
    return Arrays.copyOf(current, FIRST + 2 * entries);
  }

  /** The change that made the key what it is at a revision; null where it does not exist then. */
  @Nullable Revision at(long main) {
    long[] current = slots;
    int slot = newestUpTo(current, main);
    return slot < 0 || isTombstone(current, slot) ? null : revision(current, slot);
  }

  boolean existsAt(long main) {
    long[] current = slots;
    int slot = newestUpTo(current, main);
    return slot >= 0 && !isTombstone(current, slot);
  }

  /** Slot of the last entry at or below a main revision, or -1. */
  private static int newestUpTo(long[] slots, long main) {
    int low = 0;
    int high = count(slots) - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      if (slots[FIRST + 2 * middle] <= main) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return high < 0 ? -1 : FIRST + 2 * high;
  }

  /**
   * The change that a compaction at a revision keeps, if any: the newest up to it, unless that is a
   * tombstone from before. A tombstone at the very revision stays, for a watch that starts there.
   */
  @Nullable Revision keptBy(long compactRevision) {
    long[] current = slots;
    int slot = newestUpTo(current, compactRevision);
    if (slot < 0 || (isTombstone(current, slot) && current[slot] < compactRevision)) {
      return null;
    }
    return revision(current, slot);
  }

  /**
   * Drops what a compaction at a revision does not keep.
   *
   * @return every change that goes, oldest first
   */
  Iterator<Change> compact(long compactRevision) {
    long[] current = slots;
    int keep = newestUpTo(current, compactRevision);
    if (keep < 0) {
      return Collections.emptyIterator();
    }
    int from = keptBy(compactRevision) == null ? keep + 2 : keep;
    if (from == FIRST) {
      return Collections.emptyIterator();
    }
    int left = count(current) - (from - FIRST) / 2;
    long[] rest = new long[FIRST + 2 * Math.max(1, left)];
    System.arraycopy(current, from, rest, FIRST, 2 * left);
    rest[0] = left;
    slots = rest;
    return new Dropped(current, from);
  }

  boolean isEmpty() {
    return count(slots) == 0;
  }

  /** An entry of the history. */
  record Change(Revision revision, boolean tombstone) {}

  /** The entries before a slot, made as they are asked for: there may be millions. */
  private static final class Dropped implements Iterator<Change> {

    private final long[] slots;
    private final int end;
    private int next = FIRST;

    Dropped(long[] slots, int end) {
      this.slots = slots;
      this.end = end;
    }

    @Override
    public boolean hasNext() {
      return next < end;
    }

    @Override
    public Change next() {
      if (next >= end) {
        throw new NoSuchElementException();
      }
      Change change = new Change(revision(slots, next), isTombstone(slots, next));
      next += 2;
      return change;
    }
  }

  private static int count(long[] slots) {
    return (int) (long) SLOTS.getAcquire(slots, 0);
  }

  private static int end(long[] slots) {
    return FIRST + 2 * count(slots);
  }

  private static boolean isTombstone(long[] slots, int slot) {
    return (slots[slot + 1] & 1) == 1;
  }

  private static Revision revision(long[] slots, int slot) {
    return new Revision(slots[slot], slots[slot + 1] >>> 1);
  }
}
