package io.cadastre.gateway.deadline;

import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How long anything behind a request may keep silent, {@code cadastre.deadline.*}.
 *
 * @param answerWithin after it the request is answered with 503; what the caller prefers to wait
 *     for an operation comes on top
 */
@Validated
@ConfigurationProperties("cadastre.deadline")
record DeadlineProperties(@DefaultValue("30s") @DurationMin(seconds = 1) Duration answerWithin) {}
