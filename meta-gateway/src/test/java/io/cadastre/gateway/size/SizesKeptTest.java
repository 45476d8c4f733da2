package io.cadastre.gateway.size;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.contracts.events.DatabaseFailure;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.MessageJson;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.SizeMethod;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.gateway.database.FreshRegister;
import io.cadastre.gateway.inbox.ScanDelivery;
import io.cadastre.gateway.operation.OperationStatus;
import io.cadastre.gateway.operation.ScanReport;
import io.cadastre.messaging.receive.RejectedMessageException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SizesKeptTest {

  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final SizeProperties UTC =
      new SizeProperties(ZoneId.of("UTC"), 13, 61, Duration.ofSeconds(10));

  private final AtomicLong scans = new AtomicLong();
  private final FreshRegister register = new FreshRegister();
  private long instance;

  @AfterAll
  void stop() {
    register.close();
  }

  @BeforeEach
  void newInstance() {
    instance = register.instance("i" + scans.incrementAndGet() + "-" + System.nanoTime());
  }

  @Test
  void everySampleOfADayIsKept() {
    apply(only(at("2026-11-21T04:00:00Z"), size("shop", 100), size("crm", 50)));
    ScanReport second = apply(only(at("2026-11-21T11:00:00Z"), size("shop", 120), size("crm", 50)));

    assertThat(second.status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(result(second).get("saved_count").asInt()).isEqualTo(2);
    assertThat(result(second).get("total_size_bytes").asLong()).isEqualTo(170);
    assertThat(numbers("size_bytes FROM database_size_stats", "database_name = 'shop'"))
        .containsExactlyInAnyOrder(100L, 120L);
    assertThat(numbers("total_size_bytes FROM instance_size_stats", "true"))
        .containsExactlyInAnyOrder(150L, 170L);
    assertThat(numbers("total_size_bytes FROM instance_state", "true")).containsExactly(170L);
  }

  @Test
  void aResultInPartsIsOneMeasurement() {
    Scan scan = scan();
    Instant at = at("2026-11-21T04:00:00Z");
    ScanReport first =
        apply(part(scan, 1, false, at, List.of(size("a", 1), size("b", 2))), false, null);
    assertThat(first.status()).isEqualTo(OperationStatus.RUNNING);
    assertThat(numbers("total_size_bytes FROM instance_size_stats", "true")).isEmpty();
    assertThat(numbers("size_bytes FROM database_latest_size", "true"))
        .as("a measurement shows when it is complete")
        .isEmpty();

    ScanReport last = apply(part(scan, 2, true, at, List.of(size("c", 4))), true, first.result());
    assertThat(last.status()).isEqualTo(OperationStatus.SUCCEEDED);
    assertThat(result(last).get("saved_count").asInt()).isEqualTo(3);
    assertThat(numbers("total_size_bytes FROM instance_size_stats", "true")).containsExactly(7L);
    assertThat(numbers("database_count FROM instance_size_stats", "true")).containsExactly(3L);
    assertThat(numbers("size_bytes FROM database_latest_size", "true"))
        .containsExactlyInAnyOrder(1L, 2L, 4L);
  }

  @Test
  void aDatabaseThatFailsKeepsItsLastSizeInTheTotalAndSaysWhy() {
    apply(only(at("2026-11-21T04:00:00Z"), size("shop", 100), size("crm", 50), size("old", 7)));
    SizesCollected part =
        collected(
            scan(),
            Part.ONLY,
            at("2026-11-21T05:00:00Z"),
            List.of(size("shop", 110)),
            List.of(
                failure("crm", FailureCode.PERMISSION_DENIED),
                failure("old", FailureCode.DATABASE_GONE)));
    ScanReport report = apply(part, true, null);

    assertThat(report.status()).isEqualTo(OperationStatus.COMPLETED_WITH_ERRORS);
    assertThat(result(report).get("failed_count").asInt()).isEqualTo(2);
    assertThat(result(report).get("total_size_bytes").asLong()).isEqualTo(160);
    assertThat(result(report).get("carried_bytes").asLong()).isEqualTo(50);
    assertThat(result(report).get("failures").get(0).get("database").asString()).isEqualTo("crm");
    assertThat(result(report).get("failures").get(0).get("code").asString())
        .isEqualTo("permission_denied");
    assertThat(
            numbers(
                "size_bytes FROM database_latest_size",
                "database_name = 'crm' AND failure_code = 'permission_denied'"))
        .containsExactly(50L);

    assertThat(numbers("size_bytes FROM database_latest_size", "failure_code IS NULL"))
        .containsExactly(110L);

    apply(only(at("2026-11-21T06:00:00Z"), size("crm", 51)));
    assertThat(
            numbers(
                "size_bytes FROM database_latest_size",
                "database_name = 'crm' AND failure_code IS NULL AND failed_at IS NULL"))
        .containsExactly(51L);
  }

  @Test
  void namesOfAllKindsAreStoredAsTheyAre() {
    List<String> names =
        List.of(
            "a/b", "x.y", "päron 🍐", "tab\there", "line\nfeed", "back\\slash\\N", "\\.", "'\"");
    apply(
        only(
            at("2026-11-21T04:00:00Z"),
            names.stream().map(name -> size(name, 1)).toArray(DatabaseSize[]::new)));

    List<String> stored =
        register
            .client()
            .sql("SELECT database_name FROM database_size_stats WHERE instance_id = " + instance)
            .mapValue(String.class)
            .all()
            .collectList()
            .block();
    assertThat(stored).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void aMonthWithoutPartitionGetsOneWithTheFirstRow() {
    apply(only(at("2026-02-28T23:59:59.999999Z"), size("shop", 1)));
    apply(only(at("2026-03-01T00:00:00Z"), size("shop", 2)));

    assertThat(
            register.one(
                "SELECT count(DISTINCT tableoid) FROM database_size_stats WHERE instance_id = "
                    + instance,
                Long.class))
        .isEqualTo(2);
  }

  /** PostgreSQL would round the first of them up into November. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-10-31T23:59:59.999999500Z",
        "2026-10-31T23:59:59.999999999Z",
        "2026-10-31T23:59:59.999999Z"
      })
  void theLastMomentOfAMonthIsInThatMonthForEveryone(String sent) {
    Instant kept = at("2026-10-31T23:59:59.999999Z");
    SizesCollected part =
        collected(
            scan(),
            Part.ONLY,
            kept,
            List.of(size("shop", 7)),
            List.of(failure("crm", FailureCode.TIMEOUT)));
    String json =
        new String(MessageJson.write(part), UTF_8)
            .replace("\"collected_at\":\"" + kept, "\"collected_at\":\"" + sent);
    assertThat(json).contains(sent);
    apply(MessageJson.read(json.getBytes(UTF_8), SizesCollected.class));

    for (String column :
        List.of(
            "collected_at FROM database_size_stats",
            "collected_at FROM instance_size_stats",
            "collected_at FROM database_size_failure",
            "collected_at FROM latest_size_scan",
            "last_size_sync_at FROM instance_state")) {
      assertThat(
              register.one(
                  "SELECT %s WHERE instance_id = %d".formatted(column, instance), Instant.class))
          .as(column)
          .isEqualTo(kept);
    }
    refresh(UTC);
    assertThat(aggregates("daily")).singleElement().asString().startsWith("2026-10-31 1 7");
  }

  @Test
  void refusesWhatCannotBeRight() {
    assertThatThrownBy(() -> apply(only(at("2024-01-01T00:00:00Z"), size("shop", 1))))
        .isInstanceOf(RejectedMessageException.class)
        .hasMessage(
            "collected_at: 2024-01-01T00:00:00Z (allowed: 2025-10-01T00:00:00Z to"
                + " 2026-11-21T13:00:00Z)");
    assertThatThrownBy(() -> apply(only(at("2026-11-22T12:00:00Z"), size("shop", 1))))
        .isInstanceOf(RejectedMessageException.class);
    assertThatThrownBy(() -> apply(only(NOW, size("shop", -1))))
        .hasMessage("size of database 'shop': -1 (allowed: 0 and above)");
    assertThatThrownBy(() -> apply(only(NOW, size("shop", 1), size("shop", 2))))
        .hasMessage("database 'shop' comes twice");
    assertThatThrownBy(() -> apply(only(NOW, size("a\0b", 1))))
        .isInstanceOf(RejectedMessageException.class);
    assertThat(numbers("size_bytes FROM database_size_stats", "true")).isEmpty();
  }

  @Test
  void aggregatesFollowTheSamples() {
    apply(only(at("2026-10-31T04:00:00Z"), size("shop", 100)));
    apply(only(at("2026-11-01T04:00:00Z"), size("shop", 110)));
    apply(only(at("2026-11-02T04:00:00Z"), size("shop", 120)));
    apply(only(at("2026-11-02T20:00:00Z"), size("shop", 160)));
    refresh(UTC);

    assertThat(aggregates("daily"))
        .containsExactly(
            "2026-10-31 1 100 100 100 100 null null",
            "2026-11-01 1 110 110 110 110 10 10.00",
            "2026-11-02 2 140 120 160 160 50 45.45");
    assertThat(aggregates("weekly"))
        .containsExactly(
            "2026-10-26 2 105 100 110 110 null null", "2026-11-02 2 140 120 160 160 50 45.45");
    assertThat(aggregates("monthly"))
        .containsExactly(
            "2026-10-01 1 100 100 100 100 null null", "2026-11-01 3 130 110 160 160 60 60.00");

    apply(only(at("2026-11-01T22:00:00Z"), size("shop", 130)));
    refresh(UTC);
    assertThat(aggregates("daily"))
        .contains("2026-11-01 2 120 110 130 130 30 30.00", "2026-11-02 2 140 120 160 160 30 23.08");
    assertThat(aggregates("monthly")).contains("2026-11-01 4 130 110 160 160 60 60.00");
    assertThat(
            register.one(
                "SELECT last_bytes FROM instance_size_aggregates WHERE period = 'monthly' AND"
                    + " period_start = '2026-11-01' AND instance_id = "
                    + instance,
                Long.class))
        .isEqualTo(160);
  }

  @Test
  void theLastMonthOfAQuarterHasItsChangeAndAGapHasNone() {
    for (String month : List.of("2026-01", "2026-02", "2026-03", "2026-05")) {
      apply(
          only(
              at(month + "-15T04:00:00Z"), size("shop", 100 * Long.parseLong(month.substring(6)))));
    }
    refresh(UTC);

    assertThat(aggregates("monthly"))
        .containsExactly(
            "2026-01-01 1 100 100 100 100 null null",
            "2026-02-01 1 200 200 200 200 100 100.00",
            "2026-03-01 1 300 300 300 300 100 50.00",
            "2026-05-01 1 500 500 500 500 null null");
  }

  @Test
  void daysBeginInTheConfiguredZoneAlsoWhenTheClocksChange() {
    var berlin = new SizeProperties(ZoneId.of("Europe/Berlin"), 13, 61, Duration.ofSeconds(10));
    // 25 October 2026 has 25 hours in Berlin: 22:00 UTC of the 24th to 23:00 UTC of the 25th.
    for (String at :
        List.of(
            "2026-10-24T21:59:59Z",
            "2026-10-24T22:00:00Z",
            "2026-10-25T22:59:59Z",
            "2026-10-25T23:00:00Z")) {
      apply(berlin, only(at(at), size("shop", 1)), true, null);
    }
    refresh(berlin);

    assertThat(aggregates("daily").stream().map(row -> row.substring(0, 12)))
        .containsExactly("2026-10-24 1", "2026-10-25 2", "2026-10-26 1");
  }

  @Test
  void oldMonthsAreDroppedWholeAndNeverTheCurrentOne() {
    register.execute("SELECT ensure_size_partitions('2020-01-01', '2020-04-30')");
    var upkeep = new SizeUpkeep(aggregation(UTC), store(), register.client(), UTC, () -> NOW);
    upkeep.partitions();

    assertThat(partitions("database_size_stats")).doesNotContain("2020_01", "2020_04");
    assertThat(partitions("database_size_stats")).contains("2026_11", "2026_12", "2027_01");
    assertThat(partitions("database_size_aggregates")).doesNotContain("2020_04");

    register.execute("SELECT ensure_size_partitions('2024-02-01', '2024-02-01')");
    upkeep.partitions();
    assertThat(partitions("database_size_stats")).doesNotContain("2024_02");
    assertThat(partitions("database_size_aggregates")).contains("2024_02");

    register.execute("SELECT drop_size_partitions('2999-01-01', '2999-01-01')");
    String month = LocalDate.now(ZoneId.of("UTC")).toString().substring(0, 7).replace('-', '_');
    assertThat(partitions("database_size_stats")).contains(month);
  }

  @Test
  void aThousandDaysOfSamplesAreThinnedWithoutLosingAPeak() {
    register
        .client()
        .sql(
            """
            INSERT INTO database_size_stats (instance_id, database_name, collected_at, scan_id, size_bytes, estimate, method)
            SELECT :instance, 'busy', timestamptz '2026-11-01 00:00:00Z' + i * interval '1 minute', gen_random_uuid(),
              CASE i WHEN 7777 THEN 1000000 WHEN 12345 THEN 1 ELSE 1000 + i % 50 END, false, 'pg_database_size'
            FROM generate_series(0, 19999) i
            """)
        .bind("instance", instance)
        .then()
        .block();
    SizeHistory.Samples samples =
        Objects.requireNonNull(
            new SizeHistory(register.client())
                .samples(
                    new SizeHistory.Subject(instance, "busy"),
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

  private ScanReport apply(SizesCollected part) {
    return apply(part, true, null);
  }

  private ScanReport apply(SizesCollected part, boolean complete, @Nullable ObjectNode soFar) {
    return apply(UTC, part, complete, soFar);
  }

  private ScanReport apply(
      SizeProperties properties,
      SizesCollected part,
      boolean complete,
      @Nullable ObjectNode soFar) {
    InstantSource clock = () -> NOW;
    var handler =
        new SizesCollectedHandler(
            store(), new SizeMetrics(new SimpleMeterRegistry()), properties, clock);
    return Objects.requireNonNull(
        register
            .transaction()
            .transactional(handler.apply(new ScanDelivery<>(part, complete, soFar)))
            .block());
  }

  private void refresh(SizeProperties properties) {
    aggregation(properties).refresh().block();
    assertThat(numbers("count(*) FROM size_touched_day", "true")).containsExactly(0L);
  }

  private SizeAggregation aggregation(SizeProperties properties) {
    return new SizeAggregation(register.client(), register.transaction(), store(), properties);
  }

  private SizeStore store() {
    return new SizeStore(register.client());
  }

  private List<Long> numbers(String columnFromTable, String condition) {
    return Objects.requireNonNull(
        register
            .client()
            .sql(
                "SELECT %s WHERE instance_id = %d AND %s"
                    .formatted(columnFromTable, instance, condition))
            .map(row -> Objects.requireNonNull(row.get(0, Number.class)).longValue())
            .all()
            .collectList()
            .block());
  }

  private List<String> aggregates(String period) {
    return Objects.requireNonNull(
        register
            .client()
            .sql(
                """
                SELECT period_start || ' ' || sample_count || ' ' || avg_bytes || ' ' || min_bytes || ' ' || max_bytes
                  || ' ' || last_bytes || ' ' || coalesce(change_bytes::text, 'null')
                  || ' ' || coalesce(change_percent::text, 'null')
                FROM database_size_changes WHERE instance_id = :instance AND period = :period ORDER BY period_start
                """)
            .bind("instance", instance)
            .bind("period", period)
            .mapValue(String.class)
            .all()
            .collectList()
            .block());
  }

  private List<String> partitions(String parent) {
    return Objects.requireNonNull(
        register
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

  private Scan scan() {
    long number = scans.incrementAndGet();
    return new Scan(new UUID(1, number), number, new UUID(2, number), NOW.plusSeconds(600));
  }

  private SizesCollected only(Instant at, DatabaseSize... sizes) {
    return collected(scan(), Part.ONLY, at, List.of(sizes), List.of());
  }

  private SizesCollected part(
      Scan scan, int number, boolean last, Instant at, List<DatabaseSize> sizes) {
    return collected(scan, new Part(number, last), at, sizes, List.of());
  }

  private SizesCollected collected(
      Scan scan, Part part, Instant at, List<DatabaseSize> sizes, List<DatabaseFailure> failures) {
    return new SizesCollected(
        instance,
        scan,
        part,
        Engine.POSTGRESQL,
        new ServerInfo("PostgreSQL", "18.1"),
        SizeMethod.PG_DATABASE_SIZE,
        false,
        null,
        part.equals(Part.ONLY) ? sizes.size() + failures.size() : 3,
        at,
        at,
        sizes,
        failures);
  }

  private static DatabaseSize size(String name, long bytes) {
    return new DatabaseSize(name, bytes, null, null, null);
  }

  private static DatabaseFailure failure(String name, FailureCode code) {
    return new DatabaseFailure(name, new Failure(code, "no", false));
  }

  private static ObjectNode result(ScanReport report) {
    return Objects.requireNonNull(report.result());
  }

  private static Instant at(String time) {
    return Instant.parse(time);
  }
}
