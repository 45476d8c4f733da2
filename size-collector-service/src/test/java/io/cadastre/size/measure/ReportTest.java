package io.cadastre.size.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.MessageJson;
import io.cadastre.contracts.events.NamePatterns;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.contracts.events.TlsMode;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final Instant NOW = Instant.parse("2026-11-21T04:00:00Z");

  private final List<SizesCollected> parts = new ArrayList<>();
  private final Report report =
      new Report(
          new CollectSizes(
              new InstanceConnection(
                  7, Engine.MYSQL, "db.example", 3306, "scanner", null, TlsMode.DISABLED, null),
              new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), NOW),
              NamePatterns.ALL),
          new ServerInfo("MariaDB", "11.4.5"),
          PostgresqlMeasurement.BASIS,
          5_000,
          NOW,
          InstantSource.fixed(NOW),
          part -> parts.add((SizesCollected) part));

  @Test
  void anInstanceWithoutDatabasesIsOneEmptyPart() {
    report.finish();

    assertThat(parts).hasSize(1);
    assertThat(parts.getFirst().part().last()).isTrue();
    assertThat(parts.getFirst().databases()).isEmpty();
  }

  @Test
  void aFullPartIsSentWhileMeasuringGoesOn() {
    for (int i = 0; i < Report.MAX_ROWS + 1; i++) {
      report.measured(size("shop_" + i));
    }

    assertThat(parts).hasSize(1);
    assertThat(parts.getFirst().part().last()).isFalse();
    report.finish();
    assertThat(parts).hasSize(2);
    assertThat(parts.getLast().part().number()).isEqualTo(2);
    assertThat(parts.getLast().databases()).hasSize(1);
  }

  @Test
  void noPartIsLargerThanAllowedWhateverTheNames() {
    for (int i = 0; i < 5_000; i++) {
      report.measured(size("\u0001".repeat(64)));
      report.failed("\u0001".repeat(64), Gone.FAILURE);
    }
    report.finish();

    assertThat(parts)
        .allSatisfy(part -> assertThat(MessageJson.write(part)).hasSizeLessThan(Report.MAX_BYTES));
    assertThat(parts.stream().mapToInt(part -> part.databases().size()).sum()).isEqualTo(5_000);
    assertThat(parts.stream().mapToInt(part -> part.failures().size()).sum()).isEqualTo(5_000);
  }

  private static DatabaseSize size(String name) {
    return new DatabaseSize(name, 1, null, null, null);
  }
}
