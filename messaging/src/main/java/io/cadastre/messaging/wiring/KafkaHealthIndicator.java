package io.cadastre.messaging.wiring;

import io.cadastre.messaging.MessagingHealth;
import io.cadastre.messaging.receive.MessageReceiver;
import io.cadastre.messaging.send.MessageSender;
import java.util.Comparator;
import java.util.stream.Stream;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/** The worst of the sender and the receivers. */
final class KafkaHealthIndicator implements HealthIndicator {

  private final MessageSender sender;
  private final ObjectProvider<MessageReceiver> receivers;

  KafkaHealthIndicator(MessageSender sender, ObjectProvider<MessageReceiver> receivers) {
    this.sender = sender;
    this.receivers = receivers;
  }

  @Override
  public Health health() {
    MessagingHealth worst =
        Stream.concat(Stream.of(sender.health()), receivers.stream().map(MessageReceiver::health))
            .max(Comparator.comparingInt(KafkaHealthIndicator::severity))
            .orElseThrow();
    return switch (worst) {
      case MessagingHealth.Up _ -> Health.up().build();
      case MessagingHealth.Down down ->
          Health.down()
              .withDetail("call", down.call())
              .withDetail("since", down.since())
              .withDetail("reason", down.reason())
              .build();
      case MessagingHealth.Dead dead ->
          Health.down()
              .withDetail("restart_needed", true)
              .withDetail("since", dead.since())
              .withDetail("reason", dead.reason())
              .build();
    };
  }

  private static int severity(MessagingHealth health) {
    return switch (health) {
      case MessagingHealth.Up _ -> 0;
      case MessagingHealth.Down _ -> 1;
      case MessagingHealth.Dead _ -> 2;
    };
  }
}
