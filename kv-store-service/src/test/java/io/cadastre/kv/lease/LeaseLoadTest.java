package io.cadastre.kv.lease;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.cadastre.contracts.kv.PutRequest;
import io.cadastre.kv.apply.KvApplier;
import io.cadastre.kv.engine.MemoryEngine;
import io.cadastre.kv.mvcc.KeyRange;
import io.cadastre.kv.mvcc.MvccStore;
import io.cadastre.kv.mvcc.ReadView.Selection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Very many leases that end at once. */
final class LeaseLoadTest {

  private static final int LEASES = 100_000;
  private static final int RUN = 1_000;
  private static final KeyRange ALL = new KeyRange(new byte[0], null, false);

  private long now;
  private final LeaseBook book = new LeaseBook(() -> now);
  private final MvccStore store = MvccStore.open(new MemoryEngine());
  private final KvApplier kv = new KvApplier(store, book);

  @Test
  void aHundredThousandLeasesThatExpireTogetherGoInBatchesWithTheirKeys() {
    for (int id = 1; id <= LEASES; id++) {
      assertThat(book.grant(store, id, 60)).isEqualTo(60);
      ByteString key = ByteString.copyFromUtf8("of/" + id);
      var _ = kv.put(PutRequest.newBuilder().setKey(key).setLease(id).build());
      if (id % RUN == 0) {
        var _ = store.commit(_ -> {});
      }
    }
    book.promote(Duration.ZERO);
    Revoked revoked = new Revoked();
    LeaseExpiry expiry = new LeaseExpiry(() -> book, revoked, () -> now);
    now += Duration.ofSeconds(59).toNanos();
    expiry.run();
    assertThat(revoked.batches).isEmpty();
    now += Duration.ofSeconds(1).toNanos();
    expiry.run();
    assertThat(revoked.batches)
        .hasSizeLessThanOrEqualTo(LEASES / RUN)
        .allMatch(size -> size <= RUN);
    assertThat(revoked.batches.stream().mapToInt(size -> size).sum()).isEqualTo(LEASES);
    assertThat(book.ids()).isEmpty();
    assertThat(store.range(ALL, Selection.NEWEST).count()).isZero();
  }

  private final class Revoked implements LeaseLog {

    final List<Integer> batches = new ArrayList<>();

    @Override
    public long term() {
      return 1;
    }

    @Override
    public CompletableFuture<?> revoke(long term, List<Long> ids) {
      batches.add(ids.size());
      ids.forEach(id -> book.revoke(store, id));
      return CompletableFuture.completedFuture(store.commit(_ -> {}));
    }

    @Override
    public CompletableFuture<?> checkpoint(long term, Map<Long, Long> leftSeconds) {
      return CompletableFuture.completedFuture(leftSeconds);
    }
  }
}
