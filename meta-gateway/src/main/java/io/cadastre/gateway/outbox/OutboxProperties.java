package io.cadastre.gateway.outbox;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the relay, {@code cadastre.outbox.*}.
 *
 * @param pollInterval how often to look though nobody notified: covers lost notifications
 * @param maxInFlight records handed to Kafka and not acknowledged, at most
 */
@Validated
@ConfigurationProperties("cadastre.outbox")
record OutboxProperties(
    @DefaultValue("5s") @DurationMin(millis = 100) Duration pollInterval,
    @DefaultValue("1000") @Min(1) @Max(100_000) int maxInFlight) {}
