package io.cadastre.gateway.size;

import static io.cadastre.gateway.size.KeptSizes.NOW;
import static io.cadastre.gateway.size.KeptSizes.UTC;
import static io.cadastre.gateway.size.KeptSizes.at;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Months of samples: which go, and how many of them one looks at. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SizesOverTimeTest {

  @RegisterExtension private final KeptSizes kept = new KeptSizes();

  @Test
  void oldMonthsAreDroppedWholeAndNeverTheCurrentOne() {
    kept.register().execute("SELECT ensure_size_partitions('2020-01-01', '2020-04-30')");
    var upkeep =
        new SizeUpkeep(
            kept.aggregation(UTC), kept.store(), kept.register().client(), UTC, () -> NOW);
    upkeep.partitions();

    assertThat(partitions("database_size_stats")).doesNotContain("2020_01", "2020_04");
    assertThat(partitions("database_size_stats")).contains("2026_11", "2026_12", "2027_01");
    assertThat(partitions("database_size_aggregates")).doesNotContain("2020_04");

    kept.register().execute("SELECT ensure_size_partitions('2024-02-01', '2024-02-01')");
    upkeep.partitions();
    assertThat(partitions("database_size_stats")).doesNotContain("2024_02");
    assertThat(partitions("database_size_aggregates")).contains("2024_02");

    kept.register().execute("SELECT drop_size_partitions('2999-01-01', '2999-01-01')");
    String month = LocalDate.now(ZoneId.of("UTC")).toString().substring(0, 7).replace('-', '_');
    assertThat(partitions("database_size_stats")).contains(month);
  }

  @Test
  void aThousandDaysOfSamplesAreThinnedWithoutLosingAPeak() {
    kept.register()
        .client()
        .sql(
            """
            INSERT INTO database_size_stats (instance_id, database_name, collected_at, scan_id, size_bytes, estimate, method)
            SELECT :instance, 'busy', timestamptz '2026-11-01 00:00:00Z' + i * interval '1 minute', gen_random_uuid(),
              CASE i WHEN 7777 THEN 1000000 WHEN 12345 THEN 1 ELSE 1000 + i % 50 END, false, 'pg_database_size'
            FROM generate_series(0, 19999) i
            """)
        .bind("instance", kept.instance())
        .then()
        .block();
    SizeHistory.Samples samples =
        Objects.requireNonNull(
            new SizeHistory(kept.register().client())
                .samples(
                    new SizeHistory.Subject(kept.instance(), "busy"),
                    at("2026-11-01T00:00:00Z"),
                    at("2026-11-15T00:00:00Z"))
                // Quadratic, it takes half a minute: PostgreSQL has no statistics of these rows
                // yet.
                .block(Duration.ofSeconds(15)));

    assertThat(samples.total()).isEqualTo(20_000);
    assertThat(samples.thinned()).isTrue();
    assertThat(samples.points())
        .hasSizeBetween(1900, 2000)
        .isSortedAccordingTo(java.util.Comparator.comparing(SizeSeries.Sample::at));
    assertThat(samples.points().stream().mapToLong(SizeSeries.Sample::sizeBytes).max())
        .hasValue(1_000_000);
    assertThat(samples.points().stream().mapToLong(SizeSeries.Sample::sizeBytes).min()).hasValue(1);
  }

  private List<String> partitions(String parent) {
    return Objects.requireNonNull(
        kept.register()
            .client()
            .sql(
                "SELECT right(inhrelid::regclass::text, 7) FROM pg_inherits WHERE inhparent ="
                    + " (:parent)::regclass")
            .bind("parent", parent)
            .mapValue(String.class)
            .all()
            .collectList()
            .block());
  }
}
