package io.cadastre.kv.mvcc;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class HistoryTableTest {

  private final HistoryTable table = new HistoryTable();

  @Test
  void itFindsWhatAMapFinds() {
    Random random = new Random(7);
    Map<String, KeyHistory> expected = new HashMap<>();
    for (int step = 0; step < 200_000; step++) {
      // Keys of all lengths, zeros among them.
      String key =
          "\0".repeat(random.nextInt(3)) + "k".repeat(random.nextInt(20)) + random.nextInt(500);
      byte[] bytes = key.getBytes(UTF_8);
      KeyHistory known = expected.get(key);
      assertThat(table.get(bytes)).isSameAs(known);
      if (known == null) {
        KeyHistory added = new KeyHistory(bytes);
        table.add(added);
        expected.put(key, added);
      } else if (random.nextInt(3) > 0) {
        table.remove(bytes);
        expected.remove(key);
      }
    }
    expected.forEach(
        (key, history) -> assertThat(table.get(key.getBytes(UTF_8))).isSameAs(history));
  }

  @Test
  void whatIsNotThereCanBeRemoved() {
    table.add(new KeyHistory(new byte[] {1}));
    table.remove(new byte[] {2});
    assertThat(table.get(new byte[] {1})).isNotNull();
    assertThat(table.get(new byte[0])).isNull();
  }
}
