package io.cadastre.kv.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {

  private static final int ENTRY_BYTES = LogSegment.HEADER_BYTES + "entry-1".length();

  @TempDir private Path directory;

  @Test
  void entriesAreReadAgainInOrderAndAppendedBehind() throws IOException {
    write(3);
    assertThat(read(0)).containsExactly("1 entry-1", "2 entry-2", "3 entry-3");
    write(2);
    assertThat(read(3)).containsExactly("4 entry-4", "5 entry-5");
  }

  @Test
  void aTornAppendAtTheEndIsCutOff() throws IOException {
    write(3);
    damage(2 * ENTRY_BYTES + LogSegment.HEADER_BYTES + 2);
    assertThat(read(0)).containsExactly("1 entry-1", "2 entry-2");
    write(1);
    assertThat(read(0)).containsExactly("1 entry-1", "2 entry-2", "3 entry-3");
  }

  @Test
  void aFlippedBitInTheMiddleIsReported() throws IOException {
    write(3);
    for (int at : List.of(0, 5, 9, LogSegment.HEADER_BYTES + 1, ENTRY_BYTES + 1)) {
      damage(at);
      assertThatThrownBy(() -> read(0))
          .isInstanceOf(LogDamagedException.class)
          .hasMessageContaining("is damaged at byte");
      damage(at);
    }
    assertThat(read(0)).hasSize(3);
  }

  @Test
  void filesThatAreAppliedAndFlushedAreForgotten() throws IOException {
    try (LogFiles log = LogFiles.open(directory, 50, 0, (_, _) -> {})) {
      for (int i = 1; i <= 10; i++) {
        boolean _ = log.append(List.of(("entry-" + i).getBytes(UTF_8)));
      }
      assertThat(files()).hasSizeGreaterThan(3);
      log.forget(8);
    }
    assertThat(files()).hasSizeLessThan(3);
    assertThat(read(8)).containsExactly("9 entry-9", "10 entry-10");
    assertThatThrownBy(() -> read(3)).isInstanceOf(LogDamagedException.class);
  }

  @Test
  void entriesLargerThanWhatIsFilledAheadAreWhole() throws IOException {
    byte[] large = new byte[5 << 20];
    large[large.length - 1] = 7;
    try (LogFiles log = LogFiles.open(directory, 1 << 20, 0, (_, _) -> {})) {
      boolean _ = log.append(List.of(large, large));
    }
    List<byte[]> found = new ArrayList<>();
    try (LogFiles _ = LogFiles.open(directory, 1 << 20, 0, (_, entry) -> found.add(entry))) {
      assertThat(found).containsExactly(large, large);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  private void damage(int at) throws IOException {
    Path file = files().getLast();
    byte[] bytes = Files.readAllBytes(file);
    bytes[at] ^= 4;
    Files.write(file, bytes);
  }

  private void write(int entries) throws IOException {
    try (LogFiles log = LogFiles.open(directory, 1 << 20, 0, (_, _) -> {})) {
      List<byte[]> more = new ArrayList<>();
      for (int i = 1; i <= entries; i++) {
        more.add(("entry-" + (log.lastIndex() + i)).getBytes(UTF_8));
      }
      boolean _ = log.append(more);
    }
  }

  private List<String> read(long after) throws IOException {
    List<String> entries = new ArrayList<>();
    try (LogFiles _ =
        LogFiles.open(
            directory,
            1 << 20,
            after,
            (index, entry) -> entries.add(index + " " + new String(entry, UTF_8)))) {
      return entries;
    }
  }
}
