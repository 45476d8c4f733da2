package io.cadastre.messaging.receive;

import static io.cadastre.messaging.receive.Kafka.command;
import static io.cadastre.messaging.receive.Kafka.instanceOf;
import static io.cadastre.messaging.receive.Kafka.numberOf;
import static io.cadastre.messaging.receive.Kafka.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Topic;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

  private final Kafka kafka = new Kafka();
  private final Queue<Long> handled = new ConcurrentLinkedQueue<>();

  @AfterEach
  void close() {
    kafka.close();
  }

  private static @Nullable String header(ConsumerRecord<byte[], byte[]> letter, String name) {
    return ReceiverTelemetry.header(letter.headers(), name);
  }

  private List<ConsumerRecord<byte[], byte[]>> lettersAfterThePoison(
      ProducerRecord<byte[], byte[]> poison, MessageHandler handler) {
    long instance = kafka.instance();
    String key = Long.toString(instance);
    kafka.receive(
        4,
        envelope -> {
          handler.handle(envelope);
          handled.add(numberOf(envelope));
        });
    kafka.sender.send(keyed(poison, key)).join();
    kafka.send(command(instance, 7));
    await().untilAsserted(() -> assertThat(handled).containsExactly(7L));
    return kafka.deadLetters(key);
  }

  private static ProducerRecord<byte[], byte[]> keyed(
      ProducerRecord<byte[], byte[]> one, String key) {
    return new ProducerRecord<>(one.topic(), null, key.getBytes(UTF_8), one.value(), one.headers());
  }

  @Test
  void garbageIsPutAsideAsItCameWithTheReasonAndNothingBehindItWaits() {
    byte[] garbage = {0, 1, 2, (byte) 0xff};
    ProducerRecord<byte[], byte[]> poison =
        new ProducerRecord<>(Topic.DISCOVER_DATABASES.topicName(), garbage);
    poison.headers().add("from", "elsewhere".getBytes(UTF_8));
    assertThat(lettersAfterThePoison(poison, _ -> {}))
        .singleElement()
        .satisfies(letter -> {
          assertThat(letter.value()).isEqualTo(garbage);
          assertThat(header(letter, "from")).isEqualTo("elsewhere");
          assertThat(header(letter, "cadastre_dead_letter_reason"))
              .isEqualTo("unreadable: header ce_type is missing");
          assertThat(header(letter, "cadastre_dead_letter_topic"))
              .isEqualTo(Topic.DISCOVER_DATABASES.topicName());
          assertThat(header(letter, "cadastre_dead_letter_partition")).matches("[0-5]");
          assertThat(header(letter, "cadastre_dead_letter_offset")).matches("\\d+");
          assertThat(header(letter, "cadastre_dead_letter_time")).startsWith("20");
        });
    assertThat(kafka.counted("cadastre.dead.letters", "reason", "unreadable"))
        .isGreaterThanOrEqualTo(1);
  }

  @Test
  void dataThatDoesNotFitItsTypeIsPutAside() {
    ProducerRecord<byte[], byte[]> sound = written(command(1, 1));
    ProducerRecord<byte[], byte[]> broken =
        new ProducerRecord<>(
            sound.topic(), null, new byte[0], "{\"scan\":17}".getBytes(UTF_8), sound.headers());
    assertThat(lettersAfterThePoison(broken, _ -> {}))
        .singleElement()
        .satisfies(letter ->
            assertThat(header(letter, "cadastre_dead_letter_reason"))
                .startsWith("unreadable: io.cadastre.DiscoverDatabases.v1.scan cannot be read"));
  }

  @Test
  void whatTheHandlerRejectsIsPutAside() {
    long instance = kafka.instance();
    List<ConsumerRecord<byte[], byte[]>> letters =
        lettersAfterThePoison(
            written(command(instance, 1)),
            envelope -> {
              if (instanceOf(envelope) == instance) {
                throw new CompletionException(new RejectedMessageException("no such instance"));
              }
            });
    assertThat(letters)
        .singleElement()
        .satisfies(letter ->
            assertThat(header(letter, "cadastre_dead_letter_reason"))
                .isEqualTo("rejected: no such instance"));
  }

  @Test
  void whatMakesTheHandlerFailIsPutAsideAndCounted() {
    long instance = kafka.instance();
    List<ConsumerRecord<byte[], byte[]>> letters =
        lettersAfterThePoison(
            written(command(instance, 1)),
            envelope -> {
              if (instanceOf(envelope) == instance) {
                throw new IllegalStateException("a bug");
              }
            });
    assertThat(letters)
        .singleElement()
        .satisfies(letter ->
            assertThat(header(letter, "cadastre_dead_letter_reason"))
                .isEqualTo("failed: java.lang.IllegalStateException: a bug"));
    assertThat(kafka.counted("cadastre.dead.letters", "group", kafka.group, "reason", "failed"))
        .isEqualTo(1);
  }

  @Test
  void aTypeOfALaterVersionIsPassedOver() {
    ProducerRecord<byte[], byte[]> newer = written(command(1, 1));
    newer.headers().remove("ce_type").add("ce_type", "io.cadastre.Later.v9".getBytes(UTF_8));
    assertThat(lettersAfterThePoison(newer, _ -> {})).isEmpty();
    assertThat(
            kafka.counted(
                "cadastre.messages.received", "type", "unknown", "outcome", "passed_over"))
        .isGreaterThanOrEqualTo(1);
  }
}
