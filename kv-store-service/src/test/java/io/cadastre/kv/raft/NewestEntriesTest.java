package io.cadastre.kv.raft;

import static org.assertj.core.api.Assertions.assertThat;

import com.alipay.sofa.jraft.entity.EnumOutter.EntryType;
import com.alipay.sofa.jraft.entity.LogEntry;
import com.alipay.sofa.jraft.entity.LogId;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

class NewestEntriesTest {

  private final NewestEntries newest = new NewestEntries();

  @Test
  void theOldestAreForgottenWhereThereAreMany() {
    add(1, 3_000, 1, 10);
    assertThat(newest.get(1)).isNull();
    assertThat(newest.get(3_001)).isNull();
    assertThat(term(3_000)).isEqualTo(1);
    assertThat(term(2_500)).isEqualTo(1);
  }

  @Test
  void largeOnesAreForgottenSoonerButTheLastNever() {
    add(1, 10, 1, 1 << 20);
    assertThat(newest.get(5)).isNull();
    assertThat(term(8)).isEqualTo(1);
    add(11, 1, 1, 8 << 20);
    assertThat(newest.get(10)).isNull();
    assertThat(term(11)).isEqualTo(1);
  }

  @Test
  void whatIsCutOffIsReplaced() {
    add(1, 100, 1, 10);
    newest.cutAfter(50);
    assertThat(newest.get(51)).isNull();
    add(51, 10, 2, 10);
    assertThat(term(50)).isEqualTo(1);
    assertThat(term(51)).isEqualTo(2);
    assertThat(newest.get(61)).isNull();
    newest.cutBefore(40);
    assertThat(newest.get(39)).isNull();
    assertThat(term(40)).isEqualTo(1);
  }

  @Test
  void whatDoesNotFollowBeginsAnew() {
    add(1, 100, 1, 10);
    add(1_000_000, 2, 3, 10);
    assertThat(newest.get(100)).isNull();
    assertThat(newest.get(999_999)).isNull();
    assertThat(term(1_000_001)).isEqualTo(3);
  }

  private long term(long index) {
    LogEntry entry = newest.get(index);
    return entry == null || entry.getId().getIndex() != index ? -1 : entry.getId().getTerm();
  }

  private void add(long from, int count, long term, int bytes) {
    for (long index = from; index < from + count; index++) {
      LogEntry entry = new LogEntry(EntryType.ENTRY_TYPE_DATA);
      entry.setId(new LogId(index, term));
      entry.setData(ByteBuffer.allocate(bytes));
      newest.add(List.of(entry));
    }
  }
}
