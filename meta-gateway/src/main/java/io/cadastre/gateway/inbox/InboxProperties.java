package io.cadastre.gateway.inbox;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the inbox, {@code cadastre.inbox.*}.
 *
 * @param concurrency instances whose results are applied at once
 * @param retention how long a message is remembered; longer than Kafka keeps it
 */
@ConfigurationProperties("cadastre.inbox")
record InboxProperties(
    @DefaultValue("8") int concurrency, @DefaultValue("30d") Duration retention) {

  InboxProperties {
    if (concurrency < 1 || concurrency > 100) {
      throw new IllegalArgumentException(
          "cadastre.inbox.concurrency: " + concurrency + " (allowed: 1 to 100)");
    }
    if (retention.toDays() < 15) {
      throw new IllegalArgumentException(
          "cadastre.inbox.retention: " + retention + " (allowed: 15d and more)");
    }
  }
}
