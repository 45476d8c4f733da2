package io.cadastre.messaging.wiring;

import io.cadastre.messaging.MessagingHealth;
import io.cadastre.messaging.receive.MessageReceiver;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * Down where a receiver stopped for good, and up through every outage of Kafka: fit for liveness,
 * since a restart helps the one and not the other.
 */
final class ReceiversHealthIndicator implements HealthIndicator {

  private final ObjectProvider<MessageReceiver> receivers;

  ReceiversHealthIndicator(ObjectProvider<MessageReceiver> receivers) {
    this.receivers = receivers;
  }

  @Override
  public Health health() {
    return receivers.stream()
        .map(MessageReceiver::health)
        .filter(MessagingHealth.Dead.class::isInstance)
        .map(MessagingHealth.Dead.class::cast)
        .findFirst()
        .map(dead ->
            Health.down()
                .withDetail("since", dead.since())
                .withDetail("reason", dead.reason())
                .build())
        .orElseGet(() -> Health.up().build());
  }
}
