package io.cadastre.gateway.schedule;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How this gateway takes part in schedules. When they fire is not here but in the register, where
 * administrators change it.
 *
 * @param enabled false where other gateways alone shall fire
 * @param poll how often to look for firings and for runs that other gateways left
 * @param runRetentionDays how long runs are kept
 */
@Validated
@ConfigurationProperties("cadastre.schedule")
record ScheduleProperties(
    @DefaultValue("true") boolean enabled,
    @DefaultValue("1s") Duration poll,
    @DefaultValue("90") @Min(1) @Max(3650) int runRetentionDays) {}
