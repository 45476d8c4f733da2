package io.cadastre.gateway.inbox;

import io.cadastre.contracts.events.Topic;
import io.cadastre.gateway.operation.Operations;
import io.cadastre.messaging.receive.MessageReceiver;
import io.cadastre.messaging.receive.ReceiverSettings;
import io.cadastre.messaging.wiring.KafkaWiring;
import io.cadastre.messaging.wiring.Receivers;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.transaction.reactive.TransactionalOperator;

@Configuration(proxyBeanMethods = false)
@Import(KafkaWiring.class)
@EnableConfigurationProperties(InboxProperties.class)
class InboxConfiguration {

  private static final String GROUP = "cadastre-meta-gateway";

  @Bean
  Inbox inbox(
      InboxRows rows,
      Operations operations,
      InstanceHealth health,
      List<ScanEventHandler<?>> handlers,
      TransactionalOperator transactions,
      MeterRegistry meters) {
    return new Inbox(rows, operations, health, handlers, transactions, meters);
  }

  @Bean
  MessageReceiver inboxReceiver(Receivers receivers, Inbox inbox, InboxProperties properties) {
    return receivers.of(
        ReceiverSettings.of(
            GROUP,
            properties.concurrency(),
            Topic.DATABASES_DISCOVERED,
            Topic.SIZES_COLLECTED,
            Topic.CONNECTION_TESTED),
        inbox);
  }
}
