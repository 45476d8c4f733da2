package io.cadastre.gateway.operation;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long anyone waits, {@code cadastre.operation.*}.
 *
 * @param timeout of one operation; after it nobody waits for its result
 * @param sweepInterval how often operations whose time is over are looked for
 */
@ConfigurationProperties("cadastre.operation")
record OperationProperties(
    @DefaultValue("15m") Duration timeout, @DefaultValue("5s") Duration sweepInterval) {

  OperationProperties {
    if (timeout.toSeconds() < 1) {
      throw new IllegalArgumentException(
          "cadastre.operation.timeout: " + timeout + " (allowed: 1s and more)");
    }
    if (sweepInterval.toMillis() < 100) {
      throw new IllegalArgumentException(
          "cadastre.operation.sweep-interval: " + sweepInterval + " (allowed: 100ms and more)");
    }
  }
}
