package io.cadastre.kv.mvcc;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.cadastre.kv.engine.MemoryEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The values that etcd's own tests expect for these histories. */
class HistoryHashTest {

  private static final int CYCLE = 71;
  private static final int TOTAL = 1_210;
  private static final List<String> NAMES =
      List.of("alice", "bob", "celine", "dominik", "eve", "frederica", "gorge");

  private final MvccStore store = MvccStore.open(new MemoryEngine());

  @Test
  void hashesInTheMiddleOfTheHistoryAreThoseOfEtcd() {
    List<Long> hashes = new ArrayList<>();
    int from = 0;
    for (; from < TOTAL; from += CYCLE) {
      put(from, CYCLE);
      hashes.add(hashAndCompact(from + CYCLE / 2));
    }
    put(from, TOTAL);
    hashes.add(hashAndCompact(from + TOTAL / 2));
    assertThat(hashes)
        .containsExactly(
            4082599214L,
            2279933401L,
            3284231217L,
            126286495L,
            900108730L,
            2475485232L,
            1226296507L,
            2503661030L,
            4155130747L,
            106915399L,
            406914006L,
            1882211381L,
            806177088L,
            664311366L,
            1496914449L,
            2434525091L,
            3988652253L,
            1122462288L,
            724436716L);
  }

  @Test
  void hashesOfTheWholeHistoryAreThoseOfEtcd() {
    List<Long> hashes = new ArrayList<>();
    int from = 0;
    for (; from < TOTAL; from += CYCLE) {
      put(from, CYCLE);
      hashes.add(hashAndCompact(store.revision()));
    }
    put(from, TOTAL);
    hashes.add(hashAndCompact(store.revision()));
    assertThat(hashes)
        .containsExactly(
            1913897190L,
            224860069L,
            1565167519L,
            1566261620L,
            2037173024L,
            691659396L,
            2713730748L,
            3919322507L,
            769967540L,
            2909194793L,
            1576921157L,
            4067701532L,
            2226384237L,
            2923408134L,
            2680329256L,
            1546717673L,
            2713657846L,
            1046575299L,
            2017735779L);
  }

  @Test
  void whereNoKeyIsLeftTheHashDoesNotDependOnHowFarTheSweepIs() {
    put(0, 20);
    long compactRevision = store.revision();
    put(21, 5);
    NAMES.forEach(name -> store.write(txn -> txn.deleteRange(KeyRange.of(utf8(name), utf8("")))));
    store.commit(_ -> {});
    store.compact(compactRevision);
    store.commit(_ -> {});
    HistoryHash before = store.hash(0);
    while (store.sweep(1)) {
      store.commit(_ -> {});
      assertThat(store.hash(0)).isEqualTo(before);
    }
    store.commit(_ -> {});
    assertThat(store.hash(0)).isEqualTo(before);
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }

  private long hashAndCompact(long revision) {
    HistoryHash hash = store.hash(revision);
    assertThat(hash.revision()).isEqualTo(revision);
    store.compact(revision);
    store.commit(_ -> {});
    assertThat(store.sweep(3)).isTrue();
    store.commit(_ -> {});
    HistoryHash halfSwept = store.hash(revision);
    while (store.sweep(1_000)) {
      store.commit(_ -> {});
    }
    store.commit(_ -> {});
    assertThat(store.hash(revision)).isEqualTo(halfSwept);
    return Integer.toUnsignedLong(hash.hash());
  }

  private void put(int from, int count) {
    for (int i = from; i <= from + count; i++) {
      ByteString key = utf8(key(i));
      ByteString value = utf8(Integer.toString(i));
      store.write(txn -> txn.put(key, value, 0));
      store.commit(_ -> {});
    }
  }

  private static String key(int number) {
    if (number % (CYCLE * 2) == 30) {
      return "zenek";
    }
    return number % CYCLE == 30 ? "xavery" : NAMES.get(number % NAMES.size());
  }
}
