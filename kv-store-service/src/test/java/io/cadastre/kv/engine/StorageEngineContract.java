package io.cadastre.kv.engine;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every engine promises. */
abstract class StorageEngineContract {

  private StorageEngine engine;

  abstract StorageEngine open();

  @BeforeEach
  void openEngine() {
    engine = open();
  }

  @AfterEach
  void closeEngine() {
    engine.close();
  }

  @Test
  void aWriteIsReadAndADeleteIsNot() {
    engine.write(put(new Changes(), "a", "1").put(Bucket.META, bytes("a"), bytes("other")));
    assertThat(get("a")).isEqualTo("1");
    engine.write(new Changes().delete(Bucket.KEY, bytes("a")).delete(Bucket.KEY, bytes("never")));
    assertThat(get("a")).isNull();
    assertThat(engine.get(Bucket.META, bytes("a"))).isEqualTo(bytes("other"));
  }

  @Test
  void ofTwoChangesToAKeyInOneWriteTheLaterWins() {
    engine.write(put(put(new Changes(), "a", "1"), "a", "2"));
    engine.write(put(new Changes(), "b", "1").delete(Bucket.KEY, bytes("b")));
    assertThat(get("a")).isEqualTo("2");
    assertThat(get("b")).isNull();
  }

  @Test
  void aScanVisitsARangeInUnsignedOrder() {
    engine.write(put(put(put(put(new Changes(), "b", "2"), "a", "1"), "\u00ff", "4"), "c", "3"));
    try (StorageEngine.View view = engine.view()) {
      assertThat(scan(view, "", null)).containsExactly("a=1", "b=2", "c=3", "\u00ff=4");
      assertThat(scan(view, "b", "c")).containsExactly("b=2");
      assertThat(scan(view, "bb", null)).containsExactly("c=3", "\u00ff=4");
    }
  }

  @Test
  void aScanEndsWhenTheVisitorSaysSo() {
    engine.write(put(put(new Changes(), "a", "1"), "b", "2"));
    List<String> seen = new ArrayList<>();
    try (StorageEngine.View view = engine.view()) {
      view.scan(
          Bucket.KEY,
          new byte[0],
          null,
          (key, _) -> {
            seen.add(new String(key, UTF_8));
            return false;
          });
    }
    assertThat(seen).containsExactly("a");
  }

  @Test
  void aViewDoesNotSeeLaterWrites() {
    engine.write(put(new Changes(), "a", "1"));
    try (StorageEngine.View view = engine.view()) {
      engine.write(put(put(new Changes(), "a", "2"), "b", "2"));
      assertThat(scan(view, "", null)).containsExactly("a=1");
      assertThat(view.get(Bucket.KEY, bytes("b"))).isNull();
    }
    assertThat(get("a")).isEqualTo("2");
  }

  @Test
  void defragmentingKeepsWhatIsThere() {
    for (int i = 0; i < 1_000; i++) {
      engine.write(put(new Changes(), "key" + i, "x".repeat(100)));
    }
    for (int i = 0; i < 1_000; i += 2) {
      engine.write(new Changes().delete(Bucket.KEY, bytes("key" + i)));
    }
    engine.flush();
    engine.defragment();
    assertThat(get("key1")).isNotNull();
    assertThat(get("key2")).isNull();
    assertThat(engine.sizeBytes()).isPositive();
    assertThat(engine.sizeInUseBytes()).isPositive();
  }

  @Test
  void defragmentingGivesBackWhatWasDeleted() {
    Random random = new Random(1);
    for (int i = 0; i < 2_000; i++) {
      byte[] value = new byte[1 << 10];
      random.nextBytes(value);
      engine.write(new Changes().put(Bucket.KEY, bytes("key" + i), value));
    }
    engine.flush();
    long before = engine.sizeBytes();
    assertThat(before).isGreaterThan(2_000 << 10);
    for (int i = 0; i < 1_990; i++) {
      engine.write(new Changes().delete(Bucket.KEY, bytes("key" + i)));
    }
    engine.defragment();
    assertThat(engine.sizeBytes()).isLessThan(before / 5);
    assertThat(engine.sizeInUseBytes()).isLessThan(before / 5);
    assertThat(get("key1999")).isNotNull();
  }

  @Test
  void readersAndTheWriterGoOnWhileItIsDefragmented() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      engine.write(put(new Changes(), "key" + i, "x".repeat(1 << 10)));
    }
    engine.flush();
    try (StorageEngine.View view = engine.view()) {
      CompletableFuture<Void> done = CompletableFuture.runAsync(engine::defragment);
      int written = 0;
      do {
        engine.write(put(new Changes(), "key" + written, "new"));
        assertThat(get("key" + written)).isEqualTo("new");
        assertThat(view.get(Bucket.KEY, bytes("key" + written))).hasSize(1 << 10);
        written++;
      } while (!done.isDone() && written < 2_000);
      done.get(60, TimeUnit.SECONDS);
      assertThat(scan(view, "", null)).hasSize(2_000).allMatch(entry -> entry.length() > 1 << 10);
    }
    assertThat(get("key0")).isEqualTo("new");
  }

  @Test
  void whatIsClosedTwiceIsClosed() {
    engine.write(put(new Changes(), "a", "1"));
    engine.close();
    engine.close();
  }

  private @Nullable String get(String key) {
    byte[] value = engine.get(Bucket.KEY, bytes(key));
    return value == null ? null : new String(value, UTF_8);
  }

  private static List<String> scan(StorageEngine.View view, String from, @Nullable String to) {
    List<String> entries = new ArrayList<>();
    view.scan(
        Bucket.KEY,
        bytes(from),
        to == null ? null : bytes(to),
        (key, value) -> entries.add(new String(key, UTF_8) + "=" + new String(value, UTF_8)));
    return entries;
  }

  private static Changes put(Changes changes, String key, String value) {
    return changes.put(Bucket.KEY, bytes(key), bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
