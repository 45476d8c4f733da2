package io.cadastre.kv.snapshot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.Changes;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.MvccStore;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SnapshotTest {

  @TempDir private Path directory;

  private final StorageEngine engine = new MemoryEngine();

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 100, 20_000})
  void whatIsWrittenIsReadAgain(int entries) throws IOException {
    fill(entries);
    Path file = write(Map.of());
    assertThat(Files.size(file) % 4_096).isZero();
    assertThat(read(file)).isEqualTo(contentOf(engine));
  }

  @Test
  void bucketsCanBeReplacedOnTheWay() throws IOException {
    fill(10);
    NavigableMap<byte[], byte[]> meta = new TreeMap<>(Arrays::compareUnsigned);
    meta.put("consistent_index".getBytes(UTF_8), new byte[] {0, 0, 0, 0, 0, 0, 0, 9});
    Path file =
        write(Map.of(Bucket.META, meta, Bucket.ALARM, new TreeMap<>(Arrays::compareUnsigned)));
    assertThat(read(file)).contains("meta/636f6e73697374656e745f696e646578=0000000000000009");
    assertThat(read(file)).noneMatch(entry -> entry.startsWith("alarm/"));
  }

  @Test
  void aRestoredStoreIsTheStoreThatWasSaved() throws IOException {
    MvccStore store = history(300);
    store.compact(200);
    store.commit(_ -> {});
    Path file = write(Map.of());
    StorageEngine restored = new MemoryEngine();
    try (SnapshotReader snapshot = new SnapshotReader(file)) {
      SnapshotRestore.restore(snapshot, restored);
    }
    MvccStore again = MvccStore.open(restored);
    assertThat(again.hash(0)).isEqualTo(store.hash(0));
    assertThat(again.revision()).isEqualTo(store.revision());
    assertThat(again.firstRevision()).isEqualTo(200);
  }

  @Test
  void damageIsSeenByTheDigest() throws Exception {
    fill(1_000);
    Path file = write(Map.of());
    appendDigest(file);
    try (SnapshotReader snapshot = new SnapshotReader(file)) {
      snapshot.scan(Bucket.KEY, (_, _) -> true);
    }
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    assertThatThrownBy(() -> new SnapshotReader(file))
        .isInstanceOf(SnapshotException.class)
        .hasMessageContaining("SHA-256");
  }

  @Test
  void whatIsNoSnapshotIsRefused() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));
    Path text = Files.writeString(directory.resolve("text"), "no snapshot ".repeat(20_000));
    for (Path file : List.of(empty, text)) {
      assertThatThrownBy(() -> new SnapshotReader(file)).isInstanceOf(SnapshotException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void damagedPagesWithoutADigestAreRefusedOrReadButNeverHang(long seed) throws IOException {
    fill(1_000);
    byte[] whole = Files.readAllBytes(write(Map.of()));
    Random random = new Random(seed);
    for (int i = 0; i < 100; i++) {
      byte[] damaged = whole.clone();
      for (int j = 0; j < 20; j++) {
        damaged[8_192 + random.nextInt(damaged.length - 8_192)] = (byte) random.nextInt();
      }
      Path file = Files.write(directory.resolve("damaged"), damaged);
      try (SnapshotReader snapshot = new SnapshotReader(file)) {
        for (Bucket bucket : Bucket.values()) {
          snapshot.scan(bucket, (_, _) -> true);
        }
      } catch (SnapshotException e) {
        assertThat(e).hasMessageContaining(file.toString());
      }
    }
  }

  @Test
  void etcdctlTakesItForASnapshotAndRestoresIt() throws Exception {
    assumeTrue(isInstalled("etcdctl"), "etcdctl is not installed");
    MvccStore store = history(5_000);
    Path file = write(Map.of());
    appendDigest(file);
    String status = run("etcdctl", "snapshot", "status", file.toString(), "-w", "json");
    assertThat(status).contains("\"revision\":" + store.revision());
    String data = directory.resolve("restored").toString();
    run("etcdctl", "snapshot", "restore", file.toString(), "--data-dir", data);
    Path database = directory.resolve("restored/member/snap/db");
    StorageEngine back = new MemoryEngine();
    try (SnapshotReader snapshot = new SnapshotReader(database)) {
      SnapshotRestore.restore(snapshot, back);
    }
    assertThat(MvccStore.open(back).hash(0)).isEqualTo(store.hash(0));
  }

  private static boolean isInstalled(String command) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(part -> Files.isExecutable(Path.of(part, command)));
  }

  private static String run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("ETCDCTL_API", "3");
    Process process = builder.start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  private static void appendDigest(Path file) throws Exception {
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    Files.write(file, digest, StandardOpenOption.APPEND);
  }

  private MvccStore history(int transactions) {
    MvccStore store = MvccStore.open(engine);
    Random random = new Random(7);
    for (int i = 0; i < transactions; i++) {
      ByteString key = ByteString.copyFromUtf8("key" + random.nextInt(200));
      if (random.nextInt(5) == 0) {
        store.write(txn -> txn.deleteRange(KeyRange.of(key, ByteString.EMPTY)));
      } else {
        ByteString value = ByteString.copyFrom(new byte[random.nextInt(600)]);
        store.write(txn -> txn.put(key, value, 0));
      }
      store.commit(_ -> {});
    }
    return store;
  }

  /** Values from nothing to several pages, in two buckets. */
  private void fill(int entries) {
    Random random = new Random(entries);
    Changes changes = new Changes();
    for (int i = 0; i < entries; i++) {
      byte[] key = new byte[random.nextInt(1, 40)];
      random.nextBytes(key);
      byte[] value = new byte[random.nextInt(50) == 0 ? random.nextInt(20_000) : i % 300];
      random.nextBytes(value);
      changes.put(i % 10 == 0 ? Bucket.LEASE : Bucket.KEY, key, value);
    }
    engine.write(changes);
  }

  private Path write(Map<Bucket, NavigableMap<byte[], byte[]>> instead) throws IOException {
    Path file = directory.resolve("snapshot.db");
    SnapshotWriter.write(engine, instead, file);
    return file;
  }

  private static List<String> read(Path file) throws IOException {
    try (SnapshotReader snapshot = new SnapshotReader(file)) {
      return Stream.of(Bucket.values())
          .flatMap(bucket -> {
            Stream.Builder<String> entries = Stream.builder();
            snapshot.scan(bucket, (key, value) -> add(entries, bucket, key, value));
            return entries.build();
          })
          .toList();
    }
  }

  private static List<String> contentOf(StorageEngine engine) {
    return Stream.of(Bucket.values())
        .flatMap(bucket -> {
          Stream.Builder<String> entries = Stream.builder();
          engine.scan(bucket, new byte[0], null, (key, value) -> add(entries, bucket, key, value));
          return entries.build();
        })
        .toList();
  }

  private static boolean add(
      Stream.Builder<String> entries, Bucket bucket, byte[] key, byte[] value) {
    HexFormat hex = HexFormat.of();
    entries.add(bucket.snapshotName() + "/" + hex.formatHex(key) + "=" + hex.formatHex(value));
    return true;
  }
}
