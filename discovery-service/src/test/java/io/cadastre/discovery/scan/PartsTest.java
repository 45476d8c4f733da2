package io.cadastre.discovery.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.contracts.events.MessageJson;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PartsTest {

  @Test
  void anEmptyInstanceIsOneEmptyPart() {
    assertThat(Parts.of(List.of())).containsExactly(List.of());
  }

  @Test
  void whatFitsIsOnePart() {
    assertThat(Parts.of(Collections.nCopies(Parts.MAX_ROWS, entry("shop")))).hasSize(1);
  }

  @Test
  void noPartHasMoreRowsThanAllowedAndNothingIsLost() {
    List<DatabaseEntry> all = IntStream.range(0, 50_000).mapToObj(i -> entry("shop_" + i)).toList();

    List<List<DatabaseEntry>> parts = Parts.of(all);

    assertThat(parts).hasSize(25);
    assertThat(parts.stream().flatMap(List::stream)).containsExactlyElementsOf(all);
  }

  @Test
  void noPartIsLargerThanAllowedWhateverTheNames() {
    // A control character takes six bytes of JSON.
    List<DatabaseEntry> all = Collections.nCopies(5_000, entry("\u0001".repeat(64)));

    List<List<DatabaseEntry>> parts = Parts.of(all);

    assertThat(parts.stream().mapToInt(List::size).sum()).isEqualTo(all.size());
    assertThat(parts)
        .allSatisfy(part -> assertThat(MessageJson.write(part)).hasSizeLessThan(Parts.MAX_BYTES));
  }

  private static DatabaseEntry entry(String name) {
    return new DatabaseEntry(
        name, false, "utf8mb4", "utf8mb4_general_ci", null, null, null, null, null);
  }
}
