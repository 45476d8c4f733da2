package io.cadastre.contracts.events;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.URI;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Records on their way through Kafka, sound ones and others. */
final class Records {

  static final URI SOURCE = URI.create("/cadastre/discovery-service");

  private Records() {}

  static void refused(ProducerRecord<byte[], byte[]> written, String reason) {
    assertThatExceptionOfType(UnreadableMessageException.class)
        .isThrownBy(() -> KafkaBinding.read(received(written)))
        .withMessageContaining(reason);
  }

  /** Of a failed discovery. */
  static ProducerRecord<byte[], byte[]> sample() {
    return KafkaBinding.write(Envelope.of(Samples.full().get(1), SOURCE, Samples.AT, null));
  }

  static ProducerRecord<byte[], byte[]> withValue(@Nullable String json) {
    return withValue(Samples.full().get(1), json == null ? null : json.getBytes(UTF_8));
  }

  @SuppressWarnings("NullAway") // A tombstone, which the client's generics cannot say.
  static ProducerRecord<byte[], byte[]> withValue(Message message, byte @Nullable [] value) {
    ProducerRecord<byte[], byte[]> sample =
        KafkaBinding.write(Envelope.of(message, SOURCE, Samples.AT, null));
    return new ProducerRecord<>(sample.topic(), null, sample.key(), value, sample.headers());
  }

  static ConsumerRecord<byte[], byte[]> received(ProducerRecord<byte[], byte[]> written) {
    ConsumerRecord<byte[], byte[]> received =
        new ConsumerRecord<>(written.topic(), 0, 0, written.key(), written.value());
    written.headers().forEach(received.headers()::add);
    return received;
  }

  static String startedAt(String json, String moment) {
    return json.replaceFirst("\"started_at\":\"[^\"]*\"", "\"started_at\":" + moment);
  }
}
