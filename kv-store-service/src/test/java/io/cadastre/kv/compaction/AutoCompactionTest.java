package io.cadastre.kv.compaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutoCompactionTest {

  @Test
  void aPeriodKeepsWhatIsYounger() {
    AutoCompaction compaction = new AutoCompaction(new Retention.Period(Duration.ofMinutes(10)), 0);
    assertThat(compaction.interval()).isEqualTo(Duration.ofMinutes(1));
    List<String> compactions = new ArrayList<>();
    for (int minute = 1; minute <= 35; minute++) {
      int now = minute;
      compaction
          .due(Duration.ofMinutes(minute).toNanos(), 100L * minute)
          .ifPresent(revision -> compactions.add(now + ":" + revision));
    }
    assertThat(compactions).containsExactly("11:100", "21:1100", "31:2100");
  }

  @Test
  void aLongPeriodCompactsEveryHour() {
    AutoCompaction compaction = new AutoCompaction(new Retention.Period(Duration.ofHours(24)), 0);
    List<String> compactions = new ArrayList<>();
    for (int step = 1; step <= 270; step++) {
      int hour = step / 10;
      compaction
          .due(Duration.ofMinutes(6L * step).toNanos(), step + 1L)
          .ifPresent(_ -> compactions.add(Integer.toString(hour)));
    }
    assertThat(compactions).containsExactly("24", "25", "26");
  }

  @Test
  void aNumberKeepsTheNewestRevisions() {
    AutoCompaction compaction = new AutoCompaction(new Retention.Revisions(1_000), 0);
    assertThat(compaction.due(1, 900)).isEmpty();
    assertThat(compaction.due(2, 1_500)).hasValue(500);
    assertThat(compaction.due(3, 1_500)).isEmpty();
  }

  @Test
  void optionsAreSpelledAsForEtcd() {
    assertThat(Retention.parse("periodic", "0")).isEqualTo(new Retention.Everything());
    assertThat(Retention.parse("periodic", "2"))
        .isEqualTo(new Retention.Period(Duration.ofHours(2)));
    assertThat(Retention.parse("periodic", "1h30m"))
        .isEqualTo(new Retention.Period(Duration.ofMinutes(90)));
    assertThat(Retention.parse("revision", "1000")).isEqualTo(new Retention.Revisions(1_000));
    assertThatThrownBy(() -> Retention.parse("periodic", "soon"))
        .hasMessage("auto-compaction-retention: soon (allowed: a number, or 90m, 1h30m)");
    assertThatThrownBy(() -> Retention.parse("daily", "1"))
        .hasMessage("auto-compaction-mode: daily (allowed: periodic, revision)");
  }
}
