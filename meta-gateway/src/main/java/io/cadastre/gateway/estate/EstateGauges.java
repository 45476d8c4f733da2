package io.cadastre.gateway.estate;

import static io.cadastre.gateway.database.Columns.required;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.r2dbc.spi.Readable;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * How many instances and databases there are and how large they are together. Every gateway tells
 * the same figures, so a dashboard takes the maximum over them, not the sum.
 */
@Component
final class EstateGauges {

  private static final Duration COUNT_MAX = Duration.ofSeconds(30);

  private final DatabaseClient database;
  private final MultiGauge instances;
  private final MultiGauge databases;
  private final MultiGauge bytes;

  EstateGauges(DatabaseClient database, MeterRegistry registry) {
    this.database = database;
    this.instances =
        MultiGauge.builder("cadastre.instances")
            .description("Registered instances by engine and health.")
            .register(registry);
    this.databases =
        MultiGauge.builder("cadastre.databases")
            .description("Databases of registered instances by engine and state.")
            .register(registry);
    this.bytes =
        MultiGauge.builder("cadastre.size")
            .description("Last measured size of all registered instances together, by engine.")
            .baseUnit("bytes")
            .register(registry);
  }

  /** Often enough for a scrape every minute. */
  @Scheduled(fixedDelayString = "30s")
  void count() {
    instances.register(
        rows(
            """
            SELECT i.engine, coalesce(s.health_status, 'unknown') AS kind, count(*) AS value
            FROM instance i LEFT JOIN instance_state s ON s.instance_id = i.id
            WHERE i.deleted_at IS NULL GROUP BY 1, 2
            """,
            "health"),
        true);
    databases.register(
        rows(
            """
            SELECT i.engine, d.state AS kind, count(*) AS value
            FROM instance_databases d JOIN instance i ON i.id = d.instance_id
            WHERE i.deleted_at IS NULL GROUP BY 1, 2
            """,
            "state"),
        true);
    bytes.register(
        rows(
            """
            SELECT i.engine, coalesce(sum(s.total_size_bytes), 0)::bigint AS value
            FROM instance i JOIN instance_state s ON s.instance_id = i.id
            WHERE i.deleted_at IS NULL GROUP BY 1
            """),
        true);
  }

  private List<MultiGauge.Row<?>> rows(String sql, String tag) {
    return Objects.requireNonNull(
        database
            .sql(sql)
            .<MultiGauge.Row<?>>map(
                row -> row(row, tags(row).and(tag, required(row, "kind", String.class))))
            .all()
            .collectList()
            .block(COUNT_MAX));
  }

  private List<MultiGauge.Row<?>> rows(String sql) {
    return Objects.requireNonNull(
        database
            .sql(sql)
            .<MultiGauge.Row<?>>map(row -> row(row, tags(row)))
            .all()
            .collectList()
            .block(COUNT_MAX));
  }

  private static MultiGauge.Row<?> row(Readable row, Tags tags) {
    return MultiGauge.Row.of(tags, required(row, "value", Long.class));
  }

  private static Tags tags(Readable row) {
    return Tags.of("engine", required(row, "engine", String.class));
  }
}
