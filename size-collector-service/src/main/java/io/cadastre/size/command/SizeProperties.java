package io.cadastre.size.command;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code cadastre.size-collector.*}.
 *
 * @param concurrency how many instances are measured at once; one that hangs takes one place until
 *     its timeout
 */
@ConfigurationProperties("cadastre.size-collector")
@Validated
record SizeProperties(@DefaultValue("256") @Min(1) @Max(4096) int concurrency) {}
