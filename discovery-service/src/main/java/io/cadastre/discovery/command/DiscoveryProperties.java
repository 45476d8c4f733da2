package io.cadastre.discovery.command;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * {@code cadastre.discovery.*}.
 *
 * @param concurrency how many instances are looked at at once; one that hangs takes one place until
 *     its timeout
 */
@ConfigurationProperties("cadastre.discovery")
@Validated
record DiscoveryProperties(@DefaultValue("256") @Min(1) @Max(4096) int concurrency) {}
