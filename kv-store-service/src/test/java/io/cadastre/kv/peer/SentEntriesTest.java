package io.cadastre.kv.peer;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.entity.RaftOutter.EntryMeta;
import com.alipay.sofa.jraft.rpc.RpcRequests.AppendEntriesRequest;
import com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

final class SentEntriesTest {

  private static final long TERM = 3;

  private final SentEntries entries = new SentEntries();

  @Test
  void whatWasAgreedOnAfterItWasSentIsToBeToldOnce() {
    entries.sent(entries(10, 2, 10));
    entries.committed(TERM, 12);
    assertThat(entries.areToBeTold()).isTrue();
    AppendEntriesRequest told = entries.tell();
    assertThat(told.getTerm()).isEqualTo(TERM);
    assertThat(told.getPrevLogIndex()).isEqualTo(12);
    assertThat(told.getPrevLogTerm()).isEqualTo(TERM);
    assertThat(told.getCommittedIndex()).isEqualTo(12);
    assertThat(told.getEntriesCount()).isZero();
    assertThat(told.hasData()).isFalse();
    assertThat(told.getPeerId()).isEqualTo("to");
    assertThat(entries.areToBeTold()).isFalse();
  }

  @Test
  void whatTheNextEntriesTellIsNotToldAgain() {
    entries.sent(entries(10, 2, 10));
    entries.committed(TERM, 12);
    entries.sent(entries(12, 1, 12));
    assertThat(entries.areToBeTold()).isFalse();
  }

  @Test
  void whatWasNotSentIsNotToldYet() {
    entries.sent(entries(10, 2, 10));
    entries.committed(TERM, 13);
    assertThat(entries.areToBeTold()).isFalse();
    entries.sent(entries(12, 1, 12));
    assertThat(entries.areToBeTold()).isTrue();
  }

  @Test
  void whoHasToGoBackInTheLogIsNotToldOfWhatItMayNotHave() {
    entries.sent(entries(10, 2, 10));
    entries.sent(request(4, 4).setData(ByteString.EMPTY).build());
    entries.committed(TERM, 12);
    assertThat(entries.areToBeTold()).isFalse();
  }

  @Test
  void aHeartbeatChangesNothingOfWhatWasSent() {
    entries.sent(entries(10, 2, 10));
    entries.sent(request(10, 10).build());
    entries.committed(TERM, 12);
    assertThat(entries.areToBeTold()).isTrue();
  }

  @Test
  void whatIsOfAnotherTermIsNotTold() {
    entries.sent(entries(10, 2, 10));
    entries.committed(TERM - 1, 12);
    assertThat(entries.areToBeTold()).isFalse();
    entries.sent(entries(12, 1, 10).toBuilder().setTerm(TERM + 1).buildPartial());
    entries.committed(TERM, 13);
    assertThat(entries.areToBeTold()).isFalse();
  }

  private static AppendEntriesRequest entries(long after, int count, long committed) {
    AppendEntriesRequest.Builder request = request(after, committed).setData(ByteString.EMPTY);
    for (int i = 0; i < count; i++) {
      request.addEntries(EntryMeta.getDefaultInstance());
    }
    return request.buildPartial();
  }

  private static AppendEntriesRequest.Builder request(long after, long committed) {
    return AppendEntriesRequest.newBuilder()
        .setGroupId("group")
        .setServerId("from")
        .setPeerId("to")
        .setTerm(TERM)
        .setPrevLogIndex(after)
        .setPrevLogTerm(TERM)
        .setCommittedIndex(committed);
  }
}
