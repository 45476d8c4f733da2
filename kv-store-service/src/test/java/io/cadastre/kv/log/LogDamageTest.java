package io.cadastre.kv.log;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a log makes of files that are not as it left them: three appends of 3, 1 and 6 entries, of
 * which the last reaches over several pages.
 */
class LogDamageTest {

  private static final int FILE_BYTES = 1 << 20;
  private static final int PAGE = 4_096;
  private static final int ENTRY_BYTES = 3_000;
  private static final int RECORD = RecordHeader.recordBytes(ENTRY_BYTES);
  private static final int BEGIN = RecordHeader.recordBytes(Long.BYTES);
  private static final int SECOND = BEGIN + 3 * RECORD;
  private static final int LAST = SECOND + RECORD;
  private static final int END = LAST + 6 * RECORD;
  private static final int BEFORE_LAST = 4;
  private static final int ALL = 10;

  @TempDir private Path directory;

  @BeforeEach
  void write() throws IOException {
    try (LogFiles log = LogFiles.open(directory, FILE_BYTES)) {
      append(log, 3);
      append(log, 1);
      append(log, 6);
    }
  }

  static Stream<Arguments> whatIsTorn() {
    return Stream.of(
        torn("its second page", bytes -> zero(bytes, page(LAST, 1), page(LAST, 2))),
        torn("its first sector", bytes -> zero(bytes, LAST, sector(LAST, 1))),
        torn("a sector in its middle", bytes -> zero(bytes, sector(LAST, 9), sector(LAST, 10))),
        torn("all but its last sector", bytes -> zero(bytes, LAST, END - END % 512)),
        torn(
            "all but a sector in its middle",
            bytes -> {
              zero(bytes, LAST, sector(LAST, 7));
              zero(bytes, sector(LAST, 8), END);
            }),
        torn("its last sector", bytes -> zero(bytes, END - END % 512, END)),
        torn("its last byte", bytes -> zero(bytes, END - 1, END)),
        torn("all of it: it was never written", bytes -> zero(bytes, LAST, END)),
        torn(
            "every other page",
            bytes -> {
              for (int page = page(LAST, 1); page < END; page += 2 * PAGE) {
                zero(bytes, page, Math.min(page + PAGE, END));
              }
            }));
  }

  @ParameterizedTest
  @MethodSource("whatIsTorn")
  void aTornLastAppendIsCutOff(String what, Change change) throws IOException {
    change(change);
    assertThat(lastIndex()).as(what).isEqualTo(BEFORE_LAST);
    try (LogFiles log = LogFiles.open(directory, FILE_BYTES)) {
      append(log, 1);
    }
    assertThat(lastIndex()).as(what).isEqualTo(BEFORE_LAST + 1);
  }

  static Stream<Arguments> whatIsDamaged() {
    return Stream.of(
        damaged("a bit in the content of the first entry", flip(BEGIN + 100), BEGIN),
        damaged("a bit in the content of an append of one", flip(SECOND + 100), SECOND),
        damaged("a bit in the last append", flip(LAST + 2 * RECORD + 99), LAST + 2 * RECORD),
        damaged("a bit in the last byte", flip(END - 1), LAST + 5 * RECORD),
        damaged("a bit in the last header", flip(END - RECORD + 9), END - RECORD),
        damaged("a bit in what the file begins with", flip(3), 0),
        damaged("a length in the middle", zeros(SECOND + 8, 4), SECOND),
        damaged("a length in the last append", zeros(LAST + 8, 4), LAST),
        damaged("half a header in the middle", zeros(SECOND, 16), SECOND),
        damaged("half a header in the last append", zeros(LAST, 16), LAST),
        damaged("a header in the middle", zeros(BEGIN + RECORD, 40), BEGIN + RECORD),
        damaged("a record in the middle", zeros(SECOND, RECORD), SECOND),
        damaged("all in front of the last append", zeros(0, LAST), 0),
        damaged(
            "all but the last entry of the last append, and something before it",
            bytes -> zero(bytes, SECOND, LAST + 5 * RECORD),
            SECOND),
        damaged(
            "a page in the append before one that is torn",
            bytes -> {
              zero(bytes, page(BEGIN, 1), page(BEGIN, 2));
              zero(bytes, SECOND, sector(SECOND, 2));
              zero(bytes, LAST, END);
            },
            BEGIN + RECORD),
        damaged("what is right behind the end", noise(END), END),
        damaged(
            "a record that stands where it was not written",
            bytes -> {
              System.arraycopy(bytes, SECOND, bytes, END, RECORD);
            },
            END));
  }

  @ParameterizedTest
  @MethodSource("whatIsDamaged")
  void damageIsReportedAndNeverCut(String what, Change change, int at) throws IOException {
    change(change);
    byte[] found = Files.readAllBytes(file(1));
    assertThatThrownBy(this::lastIndex)
        .as(what)
        .isInstanceOf(LogDamagedException.class)
        .hasMessageContaining(file(1) + " is damaged at byte " + at + ",");
    assertThat(Files.readAllBytes(file(1))).isEqualTo(found);
  }

  @Test
  void aFileThatEndsInTheLastAppendHoldsWhatIsBeforeIt() throws IOException {
    byte[] whole = Files.readAllBytes(file(1));
    for (int end = LAST; end < END; end += end < LAST + 100 || end > END - 100 ? 1 : 37) {
      Files.write(file(1), Arrays.copyOf(whole, end));
      assertThat(lastIndex()).as("cut at byte %d", end).isEqualTo(BEFORE_LAST);
    }
    Files.write(file(1), Arrays.copyOf(whole, END));
    assertThat(lastIndex()).isEqualTo(ALL);
  }

  @Test
  void whatFollowsFarBehindTheEndWasNeverAcknowledged() throws IOException {
    change(bytes -> bytes[END + 2 * PAGE] = 1);
    assertThat(lastIndex()).isEqualTo(ALL);
    try (LogFiles log = LogFiles.open(directory, FILE_BYTES)) {
      append(log, 6);
    }
    assertThat(lastIndex()).isEqualTo(ALL + 6);
  }

  @Test
  void aFlippedBitIsFoundWhereTheEntryIsRead() throws IOException {
    try (LogFiles log = LogFiles.open(directory, FILE_BYTES)) {
      change(flip(SECOND + 100));
      assertThatThrownBy(() -> log.entry(4))
          .isInstanceOf(LogDamagedException.class)
          .hasMessageContaining("at byte " + SECOND + ", in entry 4");
      assertThat(log.entry(3)).isNotNull();
    }
  }

  @Test
  void everyFlippedBitOfTheLastAppendIsReported() throws IOException {
    byte[] whole = Files.readAllBytes(file(1));
    for (int at = LAST; at < END; at += 97) {
      byte[] changed = whole.clone();
      changed[at] ^= (byte) (1 << (at % 8));
      Files.write(file(1), changed);
      assertThatThrownBy(this::lastIndex).as("byte %d", at).isInstanceOf(LogDamagedException.class);
    }
  }

  @Test
  void aMissingFileIsReported() throws IOException {
    try (LogFiles log = LogFiles.open(directory, FILE_BYTES)) {
      for (int i = 0; i < 3 * FILE_BYTES / RECORD / 6; i++) {
        append(log, 6);
      }
    }
    for (long number = 1; number <= 4; number++) {
      Path aside = directory.resolve("aside");
      Files.move(file(number), aside);
      assertThatThrownBy(this::lastIndex)
          .as("file %d", number)
          .isInstanceOf(LogDamagedException.class)
          .hasMessageContaining(" is missing, ");
      Files.move(aside, file(number));
    }
    assertThat(lastIndex()).isGreaterThan(ALL);
  }

  @Test
  void damageInAnOlderFileIsNeverTakenForATornAppend() throws IOException {
    try (LogFiles log = LogFiles.open(directory, FILE_BYTES)) {
      for (int i = 0; i < FILE_BYTES / RECORD / 6 + 1; i++) {
        append(log, 6);
      }
    }
    change(bytes -> zero(bytes, page(LAST, 1), page(LAST, 2)));
    assertThatThrownBy(this::lastIndex).isInstanceOf(LogDamagedException.class);
    assertThat(file(2)).exists();
  }

  @Test
  void aFileInWhichTheLogDidNotGoOnYetIsDropped() throws IOException {
    byte[] before;
    try (LogFiles log = LogFiles.open(directory, FILE_BYTES)) {
      do {
        before = Files.readAllBytes(file(1));
        append(log, 1);
      } while (!Files.exists(file(2)));
    }
    long last = lastIndex() - 1;
    Files.write(file(1), before);
    byte[] second = Files.readAllBytes(file(2));
    Arrays.fill(second, BEGIN, second.length, (byte) 0);
    Files.write(file(2), second);
    assertThat(lastIndex()).isEqualTo(last);
    assertThat(file(2)).doesNotExist();
    try (LogFiles log = LogFiles.open(directory, FILE_BYTES)) {
      append(log, 2);
    }
    assertThat(lastIndex()).isEqualTo(last + 2);
  }

  private static Arguments torn(String what, Change change) {
    return Arguments.of(what, change);
  }

  private static Arguments damaged(String what, Change change, int at) {
    return Arguments.of(what, change, at);
  }

  private static int page(int from, int number) {
    return (from / PAGE + number) * PAGE;
  }

  private static int sector(int from, int number) {
    return (from / 512 + number) * 512;
  }

  private static void zero(byte[] bytes, int from, int to) {
    Arrays.fill(bytes, from, to, (byte) 0);
  }

  private static Change zeros(int from, int count) {
    return bytes -> zero(bytes, from, from + count);
  }

  private static Change flip(int at) {
    return bytes -> bytes[at] ^= 4;
  }

  private static Change noise(int at) {
    return bytes -> Arrays.fill(bytes, at, at + 64, (byte) 1);
  }

  private void change(Change change) throws IOException {
    byte[] bytes = Files.readAllBytes(file(1));
    change.apply(bytes);
    Files.write(file(1), bytes);
  }

  private Path file(long number) {
    return LogReplay.path(directory, number);
  }

  private static void append(LogFiles log, int count) throws IOException {
    List<Entry> entries = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      entries.add(entry(log.lastIndex() + i));
    }
    boolean _ = log.append(entries);
  }

  private static Entry entry(long index) {
    byte[] content = new byte[ENTRY_BYTES];
    Arrays.fill(content, (byte) (index | 1));
    return new Entry(index, 1, 0, content);
  }

  /** Opens the log and reads all that it says it has. */
  private long lastIndex() throws IOException {
    try (LogFiles log = LogFiles.open(directory, FILE_BYTES)) {
      for (long index = log.firstIndex(); index <= log.lastIndex(); index++) {
        Entry found = requireNonNull(log.entry(index));
        assertThat(found.content()).isEqualTo(entry(index).content());
      }
      return log.lastIndex();
    }
  }

  private interface Change {
    void apply(byte[] bytes);
  }
}
