package io.cadastre.gateway.size;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Keeps aggregates up to date and months ready. Every gateway does it; what one has done the next
 * finds done. A failure is logged by the scheduler and made good the next time.
 */
@Component
final class SizeUpkeep {

  private static final Logger LOG = LoggerFactory.getLogger(SizeUpkeep.class);
  private static final Duration AGGREGATES_MAX = Duration.ofMinutes(10);
  private static final Duration PARTITIONS_MAX = Duration.ofMinutes(1);
  private static final int MONTHS_AHEAD = 2;

  private final SizeAggregation aggregation;
  private final SizeStore store;
  private final DatabaseClient database;
  private final SizeProperties properties;
  private final InstantSource clock;

  SizeUpkeep(
      SizeAggregation aggregation,
      SizeStore store,
      DatabaseClient database,
      SizeProperties properties,
      InstantSource clock) {
    this.aggregation = aggregation;
    this.store = store;
    this.database = database;
    this.properties = properties;
    this.clock = clock;
  }

  @Scheduled(fixedDelayString = "${cadastre.size.aggregate-delay:10s}", initialDelayString = "5s")
  void aggregate() {
    aggregation.refresh().block(AGGREGATES_MAX);
  }

  /** Hourly, so that a day on which the database was down at midnight is no gap. */
  @Scheduled(fixedDelayString = "1h")
  void partitions() {
    Instant now = clock.instant();
    LocalDate today = LocalDate.ofInstant(now, ZoneOffset.UTC);
    store.ensurePartitions(today, today.plusMonths(MONTHS_AHEAD)).block(PARTITIONS_MAX);
    List<String> dropped = dropPartitions(Retention.at(now, properties));
    if (!dropped.isEmpty()) {
      LOG.info("Dropped what is older than is to be kept: {}", dropped);
    }
  }

  private List<String> dropPartitions(Retention kept) {
    List<String> dropped =
        database
            .sql("SELECT drop_size_partitions(:samples, :aggregates)")
            .bind("samples", kept.samplesFrom())
            .bind("aggregates", kept.aggregatesFrom())
            .mapValue(String.class)
            .all()
            .collectList()
            .block(PARTITIONS_MAX);
    return dropped == null ? List.of() : dropped;
  }
}
