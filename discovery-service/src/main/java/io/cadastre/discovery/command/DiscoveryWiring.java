package io.cadastre.discovery.command;

import io.cadastre.contracts.events.Topic;
import io.cadastre.discovery.connectiontest.ConnectionTrial;
import io.cadastre.discovery.scan.InstanceScan;
import io.cadastre.instanceaccess.InstanceAccess;
import io.cadastre.instanceaccess.wiring.InstanceAccessWiring;
import io.cadastre.keptconnections.TurnPerRequest;
import io.cadastre.messaging.answer.ScanMetrics;
import io.cadastre.messaging.receive.MessageReceiver;
import io.cadastre.messaging.receive.ReceiverSettings;
import io.cadastre.messaging.send.MessageSender;
import io.cadastre.messaging.wiring.KafkaWiring;
import io.cadastre.messaging.wiring.Receivers;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/** The service, put together. */
@Configuration(proxyBeanMethods = false)
@Import({KafkaWiring.class, InstanceAccessWiring.class, TurnPerRequest.class})
@EnableConfigurationProperties(DiscoveryProperties.class)
class DiscoveryWiring {

  private static final String GROUP = "cadastre-discovery";

  @Bean
  MessageReceiver commandReceiver(
      Receivers receivers,
      DiscoveryProperties properties,
      InstanceAccess access,
      MessageSender sender,
      MeterRegistry meters) {
    InstantSource clock = InstantSource.system();
    CommandHandler handler =
        new CommandHandler(
            new InstanceScan(access, clock),
            new ConnectionTrial(access, clock),
            sender,
            clock,
            new ScanMetrics(meters));
    return receivers.of(
        ReceiverSettings.of(
            GROUP, properties.concurrency(), Topic.DISCOVER_DATABASES, Topic.TEST_CONNECTION),
        handler);
  }
}
