package io.cadastre.gateway.size;

import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.time.ZoneId;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * What is kept of sizes, and what a day is.
 *
 * @param timeZone in which days, weeks and months begin; aggregates made before a change stay
 * @param retentionMonths whole months for which every sample is kept
 * @param aggregateRetentionMonths the same for daily, weekly and monthly figures
 * @param aggregateDelay how long new samples may wait for their aggregates; a request for
 *     aggregates never waits
 */
@Validated
@ConfigurationProperties("cadastre.size")
record SizeProperties(
    @DefaultValue("UTC") ZoneId timeZone,
    @DefaultValue("13") @Min(1) @Max(120) int retentionMonths,
    @DefaultValue("61") @Min(1) @Max(240) int aggregateRetentionMonths,
    @DefaultValue("10s") Duration aggregateDelay) {

  @AssertTrue(message = "must not be less than retention-months: samples are aggregated first")
  boolean isAggregateRetentionMonthsSufficient() {
    return aggregateRetentionMonths >= retentionMonths;
  }
}
