package io.cadastre.gateway.size;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sizes over time, for a chart.
 *
 * @param database absent where it is the whole instance
 * @param timeZone in which days, weeks and months begin
 * @param thinnedFrom how many samples there are, where only the smallest and the largest of each
 *     stretch of time are among the points
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record SizeSeries(
    long instanceId,
    @Nullable String database,
    Interval interval,
    String timeZone,
    Instant from,
    Instant to,
    List<Point> points,
    @Nullable Long thinnedFrom,
    Forecast forecast) {

  /** One measurement on the chart. */
  sealed interface Point {

    /** When it was measured; of a period, its last sample. */
    Instant at();

    long sizeBytes();
  }

  /**
   * One sample; the parts of a database's size are absent where the engine does not tell them.
   *
   * @param carriedBytes share of databases that could not be measured: what they had before
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Sample(
      Instant at,
      long sizeBytes,
      boolean estimate,
      @Nullable Long dataBytes,
      @Nullable Long indexBytes,
      @Nullable Long freeBytes,
      @Nullable Integer databaseCount,
      @Nullable Integer failedCount,
      @Nullable Long carriedBytes)
      implements Point {}

  /**
   * One day, week or month.
   *
   * @param periodEnd the first day after it
   * @param complete false while the period lasts
   * @param changeBytes since the end of the period right before; absent where that has no sample
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Period(
      Instant at,
      long sizeBytes,
      LocalDate periodStart,
      LocalDate periodEnd,
      boolean complete,
      int sampleCount,
      long avgBytes,
      long minBytes,
      long maxBytes,
      @Nullable Long changeBytes,
      @Nullable BigDecimal changePercent,
      @Nullable Integer databaseCount)
      implements Point {}
}
