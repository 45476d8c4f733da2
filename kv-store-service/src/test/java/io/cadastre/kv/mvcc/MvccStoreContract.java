package io.cadastre.kv.mvcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.mvcc.KeyValue;
import io.cadastre.kv.engine.Bucket;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.ReadView.Found;
import io.cadastre.kv.mvcc.ReadView.Selection;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the store promises, on every engine. */
abstract class MvccStoreContract {

  private static final KeyRange ALL = new KeyRange(new byte[0], null, false);

  private StorageEngine engine;
  private MvccStore store;

  abstract StorageEngine openEngine();

  @BeforeEach
  void open() {
    engine = openEngine();
    store = MvccStore.open(engine);
  }

  @AfterEach
  void close() {
    engine.close();
  }

  @Test
  void anEmptyStoreIsAtRevisionOneAndTheFirstPutGetsTwo() {
    assertThat(store.revision()).isEqualTo(1);
    KeyValue kv = put("a", "1");
    assertThat(kv.getModRevision()).isEqualTo(2);
    assertThat(kv.getCreateRevision()).isEqualTo(2);
    assertThat(kv.getVersion()).isEqualTo(1);
    assertThat(store.revision()).isEqualTo(2);
  }

  @Test
  void aDeletedKeyStartsAnewWhenItComesBack() {
    put("a", "1");
    put("a", "2");
    delete("a");
    KeyValue kv = put("a", "3");
    assertThat(kv.getCreateRevision()).isEqualTo(5);
    assertThat(kv.getVersion()).isEqualTo(1);
    assertThat(read(3)).containsExactly("a=2");
    assertThat(read(4)).isEmpty();
    assertThat(read(5)).containsExactly("a=3");
  }

  @Test
  void deletingNothingDoesNotAdvanceTheRevision() {
    List<ByteString> deleted = store.write(txn -> txn.deleteRange(one("never")));
    assertThat(deleted).isEmpty();
    assertThat(store.commit(_ -> {})).isEmpty();
    assertThat(store.revision()).isEqualTo(1);
  }

  @Test
  void aTransactionReadsWhatItWroteAndNobodyElseDoesBeforeTheCommit() {
    store.write(txn -> {
      txn.put(utf8("a"), utf8("1"), 0);
      assertThat(txn.range(ALL, Selection.NEWEST).count()).isEqualTo(1);
      return txn.put(utf8("b"), utf8("2"), 7);
    });
    assertThat(store.range(ALL, Selection.NEWEST).count()).isZero();
    List<Transaction> committed = store.commit(_ -> {});
    assertThat(committed).hasSize(1);
    assertThat(committed.getFirst().revision()).isEqualTo(2);
    assertThat(committed.getFirst().events()).hasSize(2);
    assertThat(read(0)).containsExactly("a=1", "b=2");
  }

  @Test
  void aRunOfTransactionsBecomesVisibleAtOnce() {
    for (String value : List.of("1", "2", "3")) {
      store.write(txn -> txn.put(utf8("a"), utf8(value), 0));
    }
    assertThat(store.revision()).isEqualTo(1);
    assertThat(store.commit(_ -> {})).extracting(Transaction::revision).containsExactly(2L, 3L, 4L);
    assertThat(read(3)).containsExactly("a=2");
  }

  @Test
  void countIgnoresTheLimit() {
    put("a", "1");
    put("b", "2");
    put("c", "3");
    Found found = store.range(ALL, new Selection(0, 2, false));
    assertThat(found.kvs()).hasSize(2);
    assertThat(found.count()).isEqualTo(3);
    assertThat(store.range(ALL, new Selection(0, 0, true)).kvs()).isEmpty();
  }

  @Test
  void compactionKeepsTheNewestUpToItsRevisionAndRefusesWhatIsBefore() {
    put("a", "1");
    put("a", "2");
    put("b", "1");
    delete("b");
    compact(5);
    assertThatThrownBy(() -> read(4))
        .isInstanceOfSatisfying(
            CompactedException.class, e -> assertThat(e.compactRevision()).isEqualTo(5));
    assertThat(read(5)).containsExactly("a=2");
    assertThatThrownBy(() -> store.compact(5)).isInstanceOf(CompactedException.class);
    assertThatThrownBy(() -> store.compact(6)).isInstanceOf(FutureRevisionException.class);
    assertThatThrownBy(() -> read(6)).isInstanceOf(FutureRevisionException.class);
  }

  @Test
  void aFreshStoreMayBeCompactedAtZero() {
    compact(0);
    assertThat(store.firstRevision()).isZero();
  }

  @Test
  void theHashIsTheSameBeforeAndAfterTheSpaceIsReclaimed() {
    for (int i = 0; i < 50; i++) {
      put("k" + i % 7, "v" + i);
    }
    delete("k3");
    store.compact(store.revision());
    store.commit(_ -> {});
    HistoryHash before = store.hash(0);
    sweepAll();
    assertThat(store.hash(0)).isEqualTo(before);
    assertThat(MvccStore.open(engine).hash(0)).isEqualTo(before);
  }

  @Test
  void aHistoryOfRandomChangesReadsAsAModelOfItAtEveryRevision() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    NavigableMap<Long, NavigableMap<String, String>> model = new TreeMap<>();
    model.put(1L, new TreeMap<>());
    for (int step = 0; step < 400; step++) {
      change(random, model);
      if (random.nextInt(25) == 0) {
        long revision = store.firstRevision() + 1 + random.nextInt(10);
        if (revision <= store.revision()) {
          store.compact(revision);
          store.commit(_ -> {});
          store.sweep(random.nextInt(1, 8));
          store.commit(_ -> {});
        }
      }
      if (random.nextInt(60) == 0) {
        store = MvccStore.open(engine);
      }
    }
    long oldest = Math.max(1, store.firstRevision());
    model
        .tailMap(oldest, true)
        .forEach((revision, state) ->
            assertThat(read(revision))
                .as("revision %d, seed %d", revision, seed)
                .containsExactlyElementsOf(
                    state.entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()).toList()));
  }

  private void change(Random random, NavigableMap<Long, NavigableMap<String, String>> model) {
    NavigableMap<String, String> next = new TreeMap<>(model.lastEntry().getValue());
    int changes = random.nextInt(1, 4);
    store.write(txn -> {
      for (int i = 0; i < changes; i++) {
        String key = "k" + random.nextInt(12);
        if (random.nextInt(3) == 0) {
          txn.deleteRange(one(key));
          next.remove(key);
        } else {
          String value = "v" + random.nextInt(1_000);
          txn.put(utf8(key), utf8(value), 0);
          next.put(key, value);
        }
      }
      return 0;
    });
    store.commit(_ -> {});
    model.put(store.revision(), next);
  }

  @Test
  void theSpaceIsReclaimedWhenTheLastOfACompactionIsCommitted() {
    for (int i = 0; i < 20; i++) {
      put("k" + i % 10, "v");
    }
    assertThat(store.swept()).isDone();
    store.compact(15);
    store.commit(_ -> {});
    CompletableFuture<Void> swept = store.swept();
    assertThat(store.sweep(3)).isTrue();
    store.compact(21);
    while (store.sweep(3)) {
      assertThat(swept).isNotDone();
      store.commit(_ -> {});
    }
    assertThat(swept).isDone();
    assertThat(store.swept()).isDone();
  }

  @Test
  void manyVersionsOfAKeyAreNotReclaimedInOneGo() {
    for (int i = 0; i < 100; i++) {
      put("k" + i % 2, "v");
    }
    store.compact(store.revision());
    int before = versions();
    int steps = 0;
    while (store.sweep(12)) {
      store.commit(_ -> {});
      assertThat(before - versions()).isLessThanOrEqualTo(12);
      before = versions();
      steps++;
    }
    assertThat(versions()).isEqualTo(2);
    // Two keys were looked at, and of each 49 versions dropped.
    assertThat(steps).isEqualTo(9);
  }

  @Test
  void whatAnEarlierCompactionHasBegunToDropGoesWithALaterOne() {
    for (int i = 0; i < 20; i++) {
      put("k", "v" + i);
    }
    store.compact(11);
    assertThat(store.sweep(4)).isTrue();
    store.commit(_ -> {});
    put("k", "last");
    compact(store.revision());
    assertThat(versions()).isEqualTo(1);
    assertThat(read(store.revision())).containsExactly("k=last");
  }

  @Test
  void whatIsHalfDroppedWhenAMemberStopsIsDroppedWhenItStartsAgain() {
    for (int i = 0; i < 20; i++) {
      put("k", "v" + i);
    }
    delete("k");
    put("k", "again");
    store.compact(store.revision());
    assertThat(store.sweep(7)).isTrue();
    store.commit(_ -> {});
    HistoryHash hash = store.hash(0);
    store = MvccStore.open(engine);
    assertThat(store.hash(0)).isEqualTo(hash);
    sweepAll();
    assertThat(versions()).isEqualTo(1);
    assertThat(store.hash(0)).isEqualTo(hash);
    assertThat(read(store.revision())).containsExactly("k=again");
  }

  /** On the disk. */
  private int versions() {
    int[] count = {0};
    engine.scan(
        Bucket.KEY,
        new byte[0],
        null,
        (_, _) -> {
          count[0]++;
          return true;
        });
    return count[0];
  }

  private void compact(long revision) {
    store.compact(revision);
    store.commit(_ -> {});
    sweepAll();
  }

  private void sweepAll() {
    while (store.sweep(3)) {
      store.commit(_ -> {});
    }
    store.commit(_ -> {});
  }

  private KeyValue put(String key, String value) {
    KeyValue kv = store.write(txn -> txn.put(utf8(key), utf8(value), 0));
    store.commit(_ -> {});
    return kv;
  }

  private void delete(String key) {
    List<ByteString> deleted = store.write(txn -> txn.deleteRange(one(key)));
    store.commit(_ -> {});
    assertThat(deleted).containsExactly(utf8(key));
  }

  private List<String> read(long revision) {
    return store.range(ALL, new Selection(revision, 0, false)).kvs().stream()
        .map(kv -> kv.getKey().toStringUtf8() + "=" + kv.getValue().toStringUtf8())
        .toList();
  }

  private static KeyRange one(String key) {
    return KeyRange.of(utf8(key), ByteString.EMPTY);
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
