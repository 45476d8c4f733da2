package io.cadastre.messaging.receive;

import static io.cadastre.messaging.receive.Kafka.command;
import static io.cadastre.messaging.receive.Kafka.instanceOf;
import static io.cadastre.messaging.receive.Kafka.numberOf;
import static io.cadastre.messaging.receive.Kafka.written;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Topic;
import io.cadastre.messaging.MessagingHealth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
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

  /** The receiver once died of {@code null}, and again each time it was started. */
  @Test
  void whateverABodyIsInsteadOfAnObjectNothingBehindItWaits() {
    byte[] command = written(command(1, 1)).value();
    List<byte[]> bodies = new ArrayList<>();
    for (String body : List.of("null", "[]", "1", "\"x\"", "", "{", "[".repeat(5_000_000))) {
      bodies.add(body.getBytes(UTF_8));
    }
    bodies.add(Arrays.copyOf(command, command.length - 1));
    bodies.add(new byte[] {'"', (byte) 0xff, '"'});
    bodies.add((" ".repeat(10_000_000) + "null").getBytes(UTF_8));
    String key = Long.toString(kafka.instance());
    MessageReceiver receiver = kafka.receive(4, envelope -> handled.add(numberOf(envelope)));
    Headers headers = written(command(1, 1)).headers();
    for (byte[] body : bodies) {
      kafka.sender.send(record(key, body, headers)).join();
    }
    kafka.sender.send(record(key, null, headers)).join();
    kafka.send(command(Long.parseLong(key), 7));
    await().untilAsserted(() -> assertThat(handled).containsExactly(7L));
    assertThat(kafka.deadLetters(key))
        .hasSize(bodies.size() + 1)
        .allSatisfy(letter ->
            assertThat(header(letter, "cadastre_dead_letter_reason"))
                .startsWith("unreadable: io.cadastre.DiscoverDatabases.v1"));
    assertThat(receiver.health()).isInstanceOf(MessagingHealth.Up.class);
  }

  /** The topic may not be as we would have made it. */
  @Test
  void aRecordThatTheTopicDoesNotTakeIsPutAsideWithoutItself() throws Exception {
    kafka.limitDeadLetters(2_000);
    byte[] large = new byte[4_000];
    new Random(1).nextBytes(large);
    String key = Long.toString(kafka.instance());
    kafka.receive(4, envelope -> handled.add(numberOf(envelope)));
    kafka.sender.send(record(key, large, new RecordHeaders())).join();
    kafka.sender.send(record(key, large, new RecordHeaders().add("large", large))).join();
    kafka.send(command(Long.parseLong(key), 7));
    await().untilAsserted(() -> assertThat(handled).containsExactly(7L));
    assertThat(kafka.deadLetters(key))
        .singleElement()
        .satisfies(letter -> {
          assertThat(header(letter, "cadastre_dead_letter_value_omitted_bytes")).isEqualTo("4000");
          assertThat(header(letter, "cadastre_dead_letter_reason")).contains("ce_type is missing");
        });
    assertThat(kafka.deadLetters(""))
        .singleElement()
        .satisfies(letter -> {
          assertThat(header(letter, "cadastre_dead_letter_key_omitted_bytes"))
              .isEqualTo(Integer.toString(key.length()));
          assertThat(header(letter, "cadastre_dead_letter_reason")).contains("ce_type is missing");
        });
  }

  @SuppressWarnings("NullAway") // A tombstone, which the client's generics cannot say.
  private static ProducerRecord<byte[], byte[]> record(
      String key, byte @Nullable [] value, Headers headers) {
    return new ProducerRecord<>(
        Topic.DISCOVER_DATABASES.topicName(), null, key.getBytes(UTF_8), value, headers);
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
