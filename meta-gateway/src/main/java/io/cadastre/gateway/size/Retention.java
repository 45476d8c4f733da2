package io.cadastre.gateway.size;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/**
 * Which months are kept. Months are UTC's, as the partitions are.
 *
 * @param samplesFrom the first day whose samples are kept
 * @param aggregatesFrom the same for aggregates
 */
record Retention(LocalDate samplesFrom, LocalDate aggregatesFrom) {

  /** The current month and as many whole months before it as are to be kept. */
  static Retention at(Instant now, SizeProperties properties) {
    LocalDate month = LocalDate.ofInstant(now, ZoneOffset.UTC).withDayOfMonth(1);
    return new Retention(
        month.minusMonths(properties.retentionMonths()),
        month.minusMonths(properties.aggregateRetentionMonths()));
  }

  Instant oldestSample() {
    return samplesFrom.atStartOfDay(ZoneOffset.UTC).toInstant();
  }
}
