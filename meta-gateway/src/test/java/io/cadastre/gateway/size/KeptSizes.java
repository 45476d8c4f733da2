package io.cadastre.gateway.size;

import static org.assertj.core.api.Assertions.assertThat;

import io.cadastre.contracts.events.DatabaseFailure;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.SizeMethod;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.gateway.database.FreshRegister;
import io.cadastre.gateway.inbox.ScanDelivery;
import io.cadastre.gateway.operation.ScanReport;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import tools.jackson.databind.node.ObjectNode;

/**
 * What becomes of measurements in a register of its own, whose clock stands still; each test has a
 * new instance there.
 */
final class KeptSizes implements BeforeEachCallback, AfterAllCallback {

  static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  static final SizeProperties UTC =
      new SizeProperties(ZoneId.of("UTC"), 13, 61, Duration.ofSeconds(10));

  private final AtomicLong scans = new AtomicLong();
  private final FreshRegister register = new FreshRegister();
  private long instance;

  @Override
  public void afterAll(ExtensionContext tests) {
    register.close();
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    instance = register.instance("i" + scans.incrementAndGet() + "-" + System.nanoTime());
  }

  long instance() {
    return instance;
  }

  FreshRegister register() {
    return register;
  }

  ScanReport apply(SizesCollected part) {
    return apply(part, true, null);
  }

  ScanReport apply(SizesCollected part, boolean complete, @Nullable ObjectNode soFar) {
    return apply(UTC, part, complete, soFar);
  }

  ScanReport apply(
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

  void refresh(SizeProperties properties) {
    aggregation(properties).refresh().block();
    assertThat(numbers("count(*) FROM size_touched_day", "true")).containsExactly(0L);
  }

  SizeAggregation aggregation(SizeProperties properties) {
    return new SizeAggregation(register.client(), register.transaction(), store(), properties);
  }

  SizeStore store() {
    return new SizeStore(register.client());
  }

  List<Long> numbers(String columnFromTable, String condition) {
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

  List<String> aggregates(String period) {
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

  Scan scan() {
    long number = scans.incrementAndGet();
    return new Scan(new UUID(1, number), number, new UUID(2, number), NOW.plusSeconds(600));
  }

  SizesCollected only(Instant at, DatabaseSize... sizes) {
    return collected(scan(), Part.ONLY, at, List.of(sizes), List.of());
  }

  SizesCollected part(Scan scan, int number, boolean last, Instant at, List<DatabaseSize> sizes) {
    return collected(scan, new Part(number, last), at, sizes, List.of());
  }

  SizesCollected collected(
      Scan scan, Part part, Instant at, List<DatabaseSize> sizes, List<DatabaseFailure> failures) {
    int total = part.equals(Part.ONLY) ? sizes.size() + failures.size() : 3;
    return collected(instance, scan, part, total, at, sizes, failures);
  }

  /** What a collector says of a PostgreSQL server. */
  static SizesCollected collected(
      long instance,
      Scan scan,
      Part part,
      int total,
      Instant at,
      List<DatabaseSize> sizes,
      List<DatabaseFailure> failures) {
    return new SizesCollected(
        instance,
        scan,
        part,
        Engine.POSTGRESQL,
        new ServerInfo("PostgreSQL", "18.1"),
        SizeMethod.PG_DATABASE_SIZE,
        false,
        null,
        total,
        at,
        at,
        sizes,
        failures);
  }

  static DatabaseSize size(String name, long bytes) {
    return new DatabaseSize(name, bytes, null, null, null);
  }

  static DatabaseFailure failure(String name, FailureCode code) {
    return new DatabaseFailure(name, new Failure(code, "no", false));
  }

  static ObjectNode result(ScanReport report) {
    return Objects.requireNonNull(report.result());
  }

  static Instant at(String time) {
    return Instant.parse(time);
  }
}
