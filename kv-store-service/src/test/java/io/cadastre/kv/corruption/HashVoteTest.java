package io.cadastre.kv.corruption;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.kv.mvcc.HistoryHash;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HashVoteTest {

  @Test
  void whoAgreeAreNotOdd() {
    assertThat(HashVote.odd(3, Map.of(1L, hash(7, 2), 2L, hash(7, 2), 3L, hash(7, 2)))).isEmpty();
    assertThat(HashVote.odd(1, Map.of(1L, hash(7, 2)))).isEmpty();
  }

  @Test
  void theFewAreOddWhereMostAgree() {
    assertThat(HashVote.odd(3, Map.of(1L, hash(7, 2), 2L, hash(8, 2), 3L, hash(7, 2))))
        .containsExactly(2L);
  }

  @Test
  void whereNoMajorityAgreesNobodyIsRight() {
    assertThat(HashVote.odd(2, Map.of(1L, hash(7, 2), 2L, hash(8, 2))))
        .containsExactly(HashVote.ALL);
    assertThat(HashVote.odd(5, Map.of(1L, hash(7, 2), 2L, hash(8, 2), 3L, hash(7, 2))))
        .containsExactly(HashVote.ALL);
  }

  @Test
  void whoCompactedFurtherCannotBeCompared() {
    assertThat(HashVote.odd(3, Map.of(1L, hash(7, 2), 2L, hash(8, 3), 3L, hash(7, 2)))).isEmpty();
  }

  private static HistoryHash hash(int hash, long compactRevision) {
    return new HistoryHash(hash, compactRevision, 9);
  }
}
