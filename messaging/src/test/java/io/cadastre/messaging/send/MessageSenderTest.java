package io.cadastre.messaging.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.contracts.events.Topic;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.MessagingHealth;
import io.cadastre.messaging.OutageException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.junit.jupiter.api.Test;

class MessageSenderTest {

  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

  private MessageSender sender(String bootstrapServers) {
    return new MessageSender(
        KafkaSettings.plain(bootstrapServers),
        URI.create("/cadastre/test"),
        InstantSource.system(),
        meters,
        ObservationRegistry.NOOP);
  }

  @Test
  void aRecordTheBrokerRefusesForItsSizeFailsWithThatReason() {
    byte[] incompressible = new byte[3 * 1024 * 1024];
    new Random(1).nextBytes(incompressible);
    try (MessageSender sender = sender(LocalKafka.shared().bootstrapServers())) {
      CompletableFuture<Void> sent =
          sender.send(
              new ProducerRecord<>(
                  Topic.METADATA_CHANGED.topicName(), "k".getBytes(UTF_8), incompressible));
      assertThatThrownBy(sent::join).hasCauseInstanceOf(RecordTooLargeException.class);
      assertThat(sender.health()).isInstanceOf(MessagingHealth.Up.class);
    }
    assertThat(meters.get("cadastre.messages.sent").tag("outcome", "refused").counter().count())
        .isEqualTo(1);
  }

  @Test
  void beforeKafkaIsThereSendingWaitsAndClosingEndsTheWait() throws Exception {
    MessageSender sender = sender("127.0.0.1:1");
    assertThat(sender.health())
        .isInstanceOfSatisfying(
            MessagingHealth.Down.class, down -> assertThat(down.call()).isEqualTo("create topics"));
    CompletableFuture<CompletableFuture<Void>> sending = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(() ->
            sending.complete(
                sender.send(
                    new ProducerRecord<>(
                        Topic.METADATA_CHANGED.topicName(), "x".getBytes(UTF_8)))));
    sender.close();
    assertThatThrownBy(() -> sending.join().join()).hasCauseInstanceOf(OutageException.class);
  }
}
