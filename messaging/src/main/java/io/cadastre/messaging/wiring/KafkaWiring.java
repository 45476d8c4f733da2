package io.cadastre.messaging.wiring;

import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.receive.MessageReceiver;
import io.cadastre.messaging.send.MessageSender;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.InstantSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * A service's sender, its receivers' start and stop, and their health. A service imports it and
 * declares a {@link MessageReceiver} with {@link Receivers#of}; to have readiness name Kafka, it
 * includes {@code kafka} in the readiness group, and to be restarted once a receiver is dead,
 * {@code receivers} in the liveness group.
 */
@Configuration(proxyBeanMethods = false)
public class KafkaWiring {

  @Bean
  KafkaSettings kafkaSettings(Environment environment) {
    return Binder.get(environment).bindOrCreate("cadastre.kafka", KafkaSettings.class);
  }

  @Bean
  MessageSender messageSender(
      KafkaSettings settings,
      Environment environment,
      ObjectProvider<InstantSource> clock,
      MeterRegistry meters,
      ObservationRegistry observations) {
    URI source =
        URI.create("/cadastre/" + environment.getRequiredProperty("spring.application.name"));
    return new MessageSender(
        settings, source, clock.getIfAvailable(InstantSource::system), meters, observations);
  }

  @Bean
  Receivers receivers(
      KafkaSettings settings,
      MessageSender sender,
      MeterRegistry meters,
      ObservationRegistry observations) {
    return new Receivers(settings, sender, meters, observations);
  }

  @Bean
  ReceiverLifecycle receiverLifecycle(ObjectProvider<MessageReceiver> receivers) {
    return new ReceiverLifecycle(receivers);
  }

  @Bean
  HealthIndicator kafkaHealthIndicator(
      MessageSender sender, ObjectProvider<MessageReceiver> receivers) {
    return new KafkaHealthIndicator(sender, receivers);
  }

  @Bean
  HealthIndicator receiversHealthIndicator(ObjectProvider<MessageReceiver> receivers) {
    return new ReceiversHealthIndicator(receivers);
  }
}
