package io.cadastre.kv.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.DeleteRangeRequest;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.kv.apply.KvApplier;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.engine.StorageEngine;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.Transaction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class LeaseBookTest {

  private final StorageEngine engine = new MemoryEngine();
  private long now = 1_000;
  private final LeaseBook book = new LeaseBook(() -> now);
  private final MvccStore store = MvccStore.open(engine);
  private final KvApplier kv = new KvApplier(store, book);

  @Test
  void refusalsAreInEtcdsWords() {
    grant(7, 10);
    assertThatThrownBy(() -> grant(7, 10)).hasMessage("etcdserver: lease already exists");
    assertThatThrownBy(() -> grant(8, 9_000_000_001L))
        .hasMessage("etcdserver: too large lease TTL");
    assertThatThrownBy(() -> book.revoke(store, 9))
        .hasMessage("etcdserver: requested lease not found");
    assertThatThrownBy(() -> put("a", 9)).hasMessage("etcdserver: requested lease not found");
  }

  @Test
  void revokingDeletesTheKeysInTheirOrderInOneRevision() {
    grant(7, 10);
    put("b", 7);
    put("a", 7);
    put("c", 0);
    List<Transaction> revoked = revoke(7);
    assertThat(revoked).hasSize(1);
    assertThat(revoked.getFirst().events())
        .extracting(event -> event.getKv().getKey().toStringUtf8())
        .containsExactly("a", "b");
    assertThat(book.ids()).isEmpty();
  }

  @Test
  void revokingALeaseWithoutKeysTakesNoRevision() {
    grant(7, 10);
    assertThat(revoke(7)).isEmpty();
    assertThat(store.revision()).isEqualTo(1);
  }

  @Test
  void aKeyHangsOnTheLeaseOfItsLastPutAndOnNoneAfterADelete() {
    grant(7, 10);
    grant(8, 10);
    put("a", 7);
    put("b", 7);
    put("c", 7);
    put("a", 8);
    put("b", 0);
    kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(utf8("c")).build());
    store.commit(_ -> {});
    assertThat(book.keys(7)).isEmpty();
    assertThat(book.keys(8)).containsExactly(utf8("a"));
  }

  @Test
  void leasesAndTheirKeysSurviveARestart() {
    grant(7, 10);
    grant(8, 10);
    put("a", 7);
    put("b", 7);
    put("b", 8);
    put("c", 7);
    kv.deleteRange(DeleteRangeRequest.newBuilder().setKey(utf8("c")).build());
    book.checkpoint(store, 8, 3);
    store.commit(_ -> {});
    LeaseBook again = new LeaseBook(() -> now);
    again.restore(engine);
    MvccStore.open(engine, again::attach);
    assertThat(again.keys(7)).containsExactly(utf8("a"));
    assertThat(again.keys(8)).containsExactly(utf8("b"));
    again.promote(Duration.ZERO);
    assertThat(again.find(8)).hasValue(new LeaseView(8, 10, 3, List.of(utf8("b"))));
  }

  @Test
  void onlyALeaderLetsLeasesExpireAndOnlyOnceEach() {
    grant(7, 10);
    pass(60);
    assertThat(book.takeExpired(10)).isEmpty();
    book.promote(Duration.ofSeconds(1));
    pass(10);
    assertThat(book.takeExpired(10)).isEmpty();
    pass(1);
    assertThat(book.takeExpired(10)).containsExactly(7L);
    assertThat(book.takeExpired(10)).isEmpty();
    book.giveBack(List.of(7L));
    assertThat(book.takeExpired(10)).containsExactly(7L);
  }

  @Test
  void keepingAliveStartsTheTimeAnew() {
    book.promote(Duration.ZERO);
    grant(7, 10);
    pass(9);
    assertThat(book.renew(7)).isCompletedWithValue(10L);
    pass(9);
    assertThat(book.takeExpired(10)).isEmpty();
    assertThat(book.find(7).orElseThrow().leftSeconds()).isEqualTo(1);
    pass(1);
    assertThat(book.takeExpired(10)).containsExactly(7L);
  }

  @Test
  void keepingAliveWhatExpiredWaitsForItsEnd() {
    book.promote(Duration.ZERO);
    grant(7, 10);
    pass(11);
    CompletableFuture<Long> renewal = book.renew(7);
    assertThat(renewal).isNotDone();
    revoke(7);
    assertThat(renewal).isCompletedWithValue(0L);
    assertThat(book.renew(7)).isCompletedWithValue(0L);
  }

  @Test
  void whoDoesNotLeadKnowsNoTimes() {
    grant(7, 10);
    assertThat(book.renew(7)).isCompletedExceptionally();
    assertThatThrownBy(() -> book.find(7)).isInstanceOf(NotLeaderException.class);
    book.promote(Duration.ZERO);
    pass(11);
    CompletableFuture<Long> renewal = book.renew(7);
    book.demote();
    assertThat(renewal).isCompletedExceptionally();
    pass(60);
    assertThat(book.takeExpired(1)).isEmpty();
  }

  @Test
  void aNewLeaderGoesOnFromTheCheckpointUnlessTheLeaseWasRenewed() {
    book.promote(Duration.ZERO);
    grant(7, 1_000);
    grant(8, 10);
    pass(400);
    assertThat(book.checkpoints(Duration.ofMinutes(5))).containsExactly(Map.entry(7L, 600L));
    book.checkpoint(store, 7, 600);
    book.demote();
    book.promote(Duration.ZERO);
    assertThat(book.find(7).orElseThrow().leftSeconds()).isEqualTo(600);
    assertThat(book.renew(7)).isCompletedWithValue(1_000L);
    assertThat(book.takeRenewed()).containsExactly(Map.entry(7L, 0L));
  }

  @Test
  void aHundredThousandLeasesThatExpireTogetherAreRevokedBatchByBatch() {
    book.promote(Duration.ZERO);
    for (long id = 1; id <= 100_000; id++) {
      grant(id, 10);
    }
    put("a", 50_000);
    pass(11);
    Revoking log = new Revoking();
    LeaseExpiry expiry = new LeaseExpiry(() -> book, log, () -> now);
    expiry.run();
    assertThat(book.ids()).isEmpty();
    assertThat(log.batches).hasSize(100).allMatch(size -> size <= 1_000);
    assertThat(store.revision()).isEqualTo(3);
  }

  @Test
  void leasesThatCouldNotBeRevokedAreTriedAgain() {
    book.promote(Duration.ZERO);
    grant(7, 10);
    pass(11);
    Revoking log = new Revoking();
    log.works = false;
    LeaseExpiry expiry = new LeaseExpiry(() -> book, log, () -> now);
    expiry.run();
    assertThat(book.ids()).containsExactly(7L);
    log.works = true;
    expiry.run();
    assertThat(book.ids()).isEmpty();
  }

  /** Applies at once what it is given. */
  private final class Revoking implements LeaseLog {

    private final List<Integer> batches = new ArrayList<>();
    private boolean works = true;

    @Override
    public long term() {
      return 1;
    }

    @Override
    public CompletableFuture<?> revoke(long term, List<Long> ids) {
      if (!works) {
        return CompletableFuture.failedFuture(new IllegalStateException("no leader"));
      }
      batches.add(ids.size());
      ids.forEach(id -> book.revoke(store, id));
      store.commit(_ -> {});
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletableFuture<?> checkpoint(long term, Map<Long, Long> leftSeconds) {
      leftSeconds.forEach((id, left) -> book.checkpoint(store, id, left));
      return CompletableFuture.completedFuture(null);
    }
  }

  private void grant(long id, long ttl) {
    assertThat(book.grant(store, id, ttl)).isEqualTo(ttl);
    store.commit(_ -> {});
  }

  private List<Transaction> revoke(long id) {
    book.revoke(store, id);
    return store.commit(_ -> {});
  }

  private void put(String key, long lease) {
    kv.put(PutRequest.newBuilder().setKey(utf8(key)).setLease(lease).build());
    store.commit(_ -> {});
  }

  private void pass(long seconds) {
    now += Duration.ofSeconds(seconds).toNanos();
  }

  private static ByteString utf8(String text) {
    return ByteString.copyFromUtf8(text);
  }
}
