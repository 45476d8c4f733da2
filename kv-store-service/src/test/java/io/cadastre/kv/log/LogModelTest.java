package io.cadastre.kv.log;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.util.concurrent.MoreExecutors;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A log and a list of what it must hold, with random changes, restarts and crashes. In a crash some
 * of the sectors of the last append are not written: then the log is as it was before.
 *
 * <p>A run is repeated with {@code -Dlog.seed=…}, a longer one asked for with {@code
 * -Dlog.steps=…}.
 */
class LogModelTest {

  private static final int FILE_BYTES = 16 << 10;
  private static final int SECTOR = 512;
  private static final int STEPS = Integer.getInteger("log.steps", 150);

  @TempDir private Path directory;

  private final long seed = Long.getLong("log.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private TreeMap<Long, Entry> model = new TreeMap<>();
  private long next = 1;

  @Test
  void holdsWhatItWasGivenWhateverHappens() throws IOException {
    for (int step = 0; step < STEPS; step++) {
      try {
        step();
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("step " + step + " of seed " + seed, e);
      }
    }
  }

  private void step() throws IOException {
    TreeMap<Long, Entry> modelBefore = new TreeMap<>(model);
    long nextBefore = next;
    NavigableMap<Path, byte[]> before = files();
    NavigableMap<Path, byte[]> deletedEarlier = new TreeMap<>();
    try (LogFiles log = open()) {
      for (int quiet = random.nextInt(4); quiet > 0; quiet--) {
        modelBefore = new TreeMap<>(model);
        nextBefore = next;
        NavigableMap<Path, byte[]> now = files();
        before.keySet().removeAll(now.keySet());
        deletedEarlier.putAll(before);
        before = now;
        change(log);
        check(log);
      }
    }
    NavigableMap<Path, byte[]> after = files();
    switch (random.nextInt(4)) {
      case 0 -> {
        comeBack(deletedEarlier);
        if (tear(before, after)) {
          model = modelBefore;
          next = nextBefore;
        }
      }
      case 1 -> damage(before);
      default -> {
        // Ended in order.
      }
    }
    try (LogFiles log = open()) {
      check(log);
    }
  }

  private void change(LogFiles log) throws IOException {
    switch (random.nextInt(20)) {
      case 0, 1 -> {
        long kept = log.firstIndex() + random.nextLong(1 + log.lastIndex() - log.firstIndex() + 1);
        log.truncatePrefix(kept);
        model.headMap(kept).clear();
      }
      case 2, 3 -> {
        long kept = log.lastIndex() - random.nextLong(1 + log.lastIndex() - log.firstIndex() + 1);
        log.truncateSuffix(kept);
        model.tailMap(kept + 1).clear();
        next = kept + 1;
      }
      case 4 -> {
        next = random.nextLong(1, next + 20);
        log.reset(next);
        model.clear();
      }
      case 5 -> {
        next = next + random.nextLong(20);
        log.truncatePrefix(next);
        model.clear();
      }
      default -> append(log);
    }
  }

  private void append(LogFiles log) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int i = random.nextInt(1, 9); i > 0; i--) {
      byte[] content = new byte[random.nextInt(random.nextInt(20) == 0 ? 40_000 : 700)];
      random.nextBytes(content);
      Entry entry = new Entry(next++, random.nextLong(1, 4), random.nextInt(3), content);
      model.put(entry.index(), entry);
      entries.add(entry);
    }
    boolean _ = log.append(entries);
  }

  /**
   * Leaves some of the sectors that the last change wrote as they were.
   *
   * @return whether it is as if the change had not been made
   */
  private boolean tear(NavigableMap<Path, byte[]> before, NavigableMap<Path, byte[]> after)
      throws IOException {
    Path newest = after.lastKey();
    byte[] now = after.lastEntry().getValue();
    byte[] old = before.containsKey(newest) ? before.get(newest) : unused(now);
    boolean torn = false;
    byte[] left = now.clone();
    boolean all = random.nextInt(8) == 0;
    for (int sector = 0; sector < now.length; sector += SECTOR) {
      int end = Math.min(sector + SECTOR, now.length);
      if (!Arrays.equals(old, sector, end, now, sector, end) && (all || random.nextBoolean())) {
        System.arraycopy(old, sector, left, sector, end - sector);
        torn = true;
      }
    }
    Files.write(newest, left);
    // What is deleted is deleted after the change is synced; whether that is, too, nobody knows.
    for (Map.Entry<Path, byte[]> each : before.entrySet()) {
      if (!after.containsKey(each.getKey()) && (torn || random.nextBoolean())) {
        Files.write(each.getKey(), each.getValue());
      }
    }
    return torn;
  }

  /** Files are deleted some time after the change that needs them no more. */
  private void comeBack(NavigableMap<Path, byte[]> deleted) throws IOException {
    for (Map.Entry<Path, byte[]> each : deleted.entrySet()) {
      if (random.nextBoolean()) {
        Files.write(each.getKey(), each.getValue());
      }
    }
  }

  /** As a file is before its first append. */
  private static byte[] unused(byte[] file) {
    byte[] unused = new byte[file.length];
    System.arraycopy(file, 0, unused, 0, RecordHeader.recordBytes(Long.BYTES));
    return unused;
  }

  /** Flips a bit in what was synced before the last change. */
  private void damage(NavigableMap<Path, byte[]> before) throws IOException {
    NavigableMap<Path, byte[]> after = files();
    if (before.isEmpty()
        || Arrays.equals(after.lastEntry().getValue(), before.get(after.lastKey()))) {
      return;
    }
    List<Path> both = before.keySet().stream().filter(after::containsKey).toList();
    if (both.isEmpty()) {
      return;
    }
    Path path = both.get(random.nextInt(both.size()));
    byte[] old = requireNonNull(before.get(path));
    byte[] whole = requireNonNull(after.get(path));
    int written = old.length;
    while (old[written - 1] == 0) {
      written--;
    }
    byte[] flipped = whole.clone();
    int at = random.nextInt(written);
    flipped[at] ^= (byte) (1 << random.nextInt(8));
    Files.write(path, flipped);
    assertThatThrownBy(() -> open().close())
        .as("bit in byte %d of %s", at, path)
        .isInstanceOf(LogDamagedException.class);
    Files.write(path, whole);
  }

  private void check(LogFiles log) throws IOException {
    assertThat(log.lastIndex()).isEqualTo(next - 1);
    assertThat(log.firstIndex()).isEqualTo(model.isEmpty() ? next : model.firstKey());
    for (Entry expected : model.values()) {
      Entry found = requireNonNull(log.entry(expected.index()));
      assertThat(found.content()).isEqualTo(expected.content());
      assertThat(found.kind()).isEqualTo(expected.kind());
      assertThat(found.term()).isEqualTo(expected.term());
      assertThat(log.term(expected.index())).isEqualTo(expected.term());
    }
    assertThat(log.entry(next)).isNull();
    assertThat(log.ofKind(2))
        .containsExactlyElementsOf(
            model.values().stream().filter(e -> e.kind() == 2).map(Entry::index).toList());
  }

  private LogFiles open() throws IOException {
    return LogFiles.open(directory, FILE_BYTES, MoreExecutors.newDirectExecutorService());
  }

  private NavigableMap<Path, byte[]> files() throws IOException {
    NavigableMap<Path, byte[]> found = new TreeMap<>();
    try (Stream<Path> files = Files.list(directory)) {
      files
          .filter(path -> path.toString().endsWith(".log"))
          .forEach(path -> found.put(path, content(path)));
    }
    return found;
  }

  private static byte[] content(Path path) {
    try {
      return Files.readAllBytes(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
