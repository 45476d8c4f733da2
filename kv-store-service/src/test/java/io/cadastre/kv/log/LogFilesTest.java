package io.cadastre.kv.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFilesTest {

  private static final int FILE_BYTES = 16 << 10;
  private static final Duration LONG = Duration.ofSeconds(60);

  @TempDir private Path directory;

  private LogFiles log;

  @BeforeEach
  void open() throws IOException {
    log = LogFiles.open(directory, FILE_BYTES);
  }

  @AfterEach
  void close() throws IOException {
    log.close();
  }

  @Test
  void entriesAreReadAgainWithAllThatTheyCarry() throws IOException {
    boolean _ =
        log.append(List.of(new Entry(1, 3, 7, new byte[0]), new Entry(2, 4, 2, text("two"))));
    for (int round = 0; round < 2; round++) {
      assertThat(log.firstIndex()).isEqualTo(1);
      assertThat(log.lastIndex()).isEqualTo(2);
      assertThat(log.term(1)).isEqualTo(3);
      Entry second = requireNonNull(log.entry(2));
      assertThat(second.index()).isEqualTo(2);
      assertThat(second.term()).isEqualTo(4);
      assertThat(second.kind()).isEqualTo(2);
      assertThat(second.content()).isEqualTo(text("two"));
      assertThat(log.entry(0)).isNull();
      assertThat(log.entry(3)).isNull();
      assertThat(log.term(3)).isZero();
      assertThat(log.ofKind(2)).containsExactly(2L);
      reopen();
    }
  }

  @Test
  void onlyTheNextIndexCanBeAppended() {
    append(1, 2);
    for (long index : List.of(1L, 2L, 4L)) {
      assertThatThrownBy(() -> log.append(List.of(new Entry(index, 1, 0, text("x")))))
          .hasMessage("index: " + index + " (allowed: 3)");
    }
    append(3, 1);
    assertThat(log.lastIndex()).isEqualTo(3);
  }

  @Test
  void filesInWhichNothingIsKeptAreDeleted() throws IOException {
    append(1, 1_000);
    assertThat(files()).hasSizeGreaterThan(3);
    log.truncatePrefix(999);
    await().atMost(LONG).untilAsserted(() -> assertThat(files()).hasSize(1));
    for (int round = 0; round < 2; round++) {
      assertThat(log.firstIndex()).isEqualTo(999);
      assertThat(log.entry(998)).isNull();
      assertThat(log.entry(999)).isNotNull();
      reopen();
    }
  }

  @Test
  void theLogGoesOnWhileFilesAreDeletedAndWhatIsLeftOfThemIsForgotten() throws Exception {
    close();
    ExecutorService held = Executors.newSingleThreadExecutor();
    CountDownLatch mayDelete = new CountDownLatch(1);
    held.execute(() -> {
      try {
        mayDelete.await();
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
      }
    });
    log = LogFiles.open(directory, FILE_BYTES, held);
    append(1, 1_000);
    log.truncatePrefix(999);
    append(1_001, 5);
    assertThat(files()).hasSizeGreaterThan(3);
    // As after a crash: this one opens what the other still has open.
    try (LogFiles opened = LogFiles.open(directory, FILE_BYTES)) {
      assertThat(opened.firstIndex()).isEqualTo(999);
      assertThat(opened.lastIndex()).isEqualTo(1_005);
      assertThat(opened.entry(998)).isNull();
      opened.truncatePrefix(1_000);
    }
    assertThat(files()).hasSize(1);
    mayDelete.countDown();
  }

  @Test
  void whatWasCutOffNeverComesBack() throws IOException {
    append(1, 1_000);
    log.truncateSuffix(10);
    append(11, 5);
    for (int round = 0; round < 2; round++) {
      assertThat(log.lastIndex()).isEqualTo(15);
      assertThat(log.entry(16)).isNull();
      reopen();
    }
    append(16, 1_000);
    reopen();
    assertThat(log.lastIndex()).isEqualTo(1_015);
  }

  @Test
  void afterASnapshotTheLogGoesOnBehindIt() throws IOException {
    append(1, 5);
    log.truncatePrefix(100);
    reopen();
    assertThat(log.firstIndex()).isEqualTo(100);
    assertThat(log.lastIndex()).isEqualTo(99);
    append(100, 3);
    log.reset(50);
    append(50, 2);
    log.reset(52);
    append(52, 1);
    reopen();
    assertThat(log.firstIndex()).isEqualTo(52);
    assertThat(log.lastIndex()).isEqualTo(52);
  }

  @Test
  void manyNotesForItselfFillNoFileForever() throws IOException {
    append(1, 10);
    for (long kept = 1; kept <= 500; kept++) {
      log.reset(kept);
    }
    append(500, 1);
    reopen();
    assertThat(log.firstIndex()).isEqualTo(500);
    assertThat(files()).hasSizeLessThan(3);
  }

  @Test
  void entriesLargerThanAFileAreWhole() throws IOException {
    byte[] large = new byte[5 << 20];
    large[17] = 7;
    boolean _ = log.append(List.of(new Entry(1, 1, 0, large), new Entry(2, 1, 0, large)));
    reopen();
    Entry found = requireNonNull(log.entry(2));
    assertThat(found.content()).isEqualTo(large);
  }

  @Test
  void anInterruptedReaderDisturbsNobody() throws Exception {
    append(1, 10);
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              Thread.currentThread().interrupt();
              try {
                assertThat(log.entry(3)).isNotNull();
              } catch (IOException e) {
                throw new AssertionError(e);
              }
              assertThat(Thread.currentThread().isInterrupted()).isTrue();
            });
    reader.join();
    assertThat(log.entry(4)).isNotNull();
    append(11, 1);
  }

  @Test
  void afterAFailedWriteItTakesNothingAnyMore() throws IOException {
    append(1, 3);
    Entry next = new Entry(4, 1, 0, text("next"));
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> log.append(List.of(next))).isInstanceOf(IOException.class);
    assertThat(Thread.interrupted()).isTrue();
    assertThatThrownBy(() -> log.append(List.of(next)))
        .hasMessageContaining("takes nothing after a failed write");
    assertThatThrownBy(() -> log.truncateSuffix(1))
        .hasMessageContaining("takes nothing after a failed write");
    assertThat(log.lastIndex()).isEqualTo(3);
    assertThat(log.entry(3)).isNotNull();
    reopen();
    assertThat(log.lastIndex()).isBetween(3L, 4L);
  }

  @Test
  void whatIsNoFileOfTheLogIsLeftAlone() throws IOException {
    Path note = Files.writeString(directory.resolve("note.log"), "not ours");
    reopen();
    append(1, 1);
    assertThat(note).hasContent("not ours");
  }

  private void reopen() throws IOException {
    log.close();
    log = LogFiles.open(directory, FILE_BYTES);
  }

  private void append(long from, int count) {
    try {
      for (long index = from; index < from + count; index++) {
        boolean _ = log.append(List.of(new Entry(index, 1, 0, text("entry " + index))));
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(UTF_8);
  }

  private List<Path> files() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> files = Files.list(directory)) {
      files.filter(path -> path.toString().endsWith(".log")).forEach(found::add);
    }
    return found;
  }
}
