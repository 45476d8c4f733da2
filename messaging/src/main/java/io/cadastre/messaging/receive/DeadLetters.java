package io.cadastre.messaging.receive;

import io.cadastre.contracts.events.Topic;
import io.cadastre.messaging.send.MessageSender;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Locale;
import java.util.concurrent.CompletionException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/**
 * Puts records aside on the group's dead-letter topic: key, value and headers as they came, and
 * headers {@code cadastre_dead_letter_…} that say why and where from.
 */
final class DeadLetters {

  private static final String PREFIX = "cadastre_dead_letter_";
  private static final int REASON_MAX_CHARS = 2_000;
  private static final byte[] NOTHING = {};

  private final String topic;
  private final MessageSender sender;
  private final InstantSource clock;

  DeadLetters(String group, MessageSender sender, InstantSource clock) {
    this.topic = Topic.deadLetters(group);
    this.sender = sender;
    this.clock = clock;
  }

  /** Returns once the broker has it; throws what {@link MessageSender#send} fails with. */
  void bury(ConsumerRecord<byte[], byte[]> buried, Verdict.Bury verdict) {
    try {
      sender.send(letter(buried, buried.value(), verdict)).join();
    } catch (CompletionException e) {
      if (!(e.getCause() instanceof RecordTooLargeException)) {
        throw e;
      }
      // It is still to be read at its place until its topic drops it; nothing may wait for it.
      ProducerRecord<byte[], byte[]> letter = letter(buried, NOTHING, verdict);
      put(letter.headers(), "value_omitted_bytes", Integer.toString(buried.serializedValueSize()));
      sender.send(letter).join();
    }
  }

  private ProducerRecord<byte[], byte[]> letter(
      ConsumerRecord<byte[], byte[]> buried, byte[] value, Verdict.Bury verdict) {
    ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, buried.key(), value);
    Headers headers = letter.headers();
    for (Header header : buried.headers()) {
      // A letter sent round again keeps no trace of its first burial; null headers break clients.
      if (!header.key().startsWith(PREFIX)) {
        headers.add(header.key(), header.value() == null ? NOTHING : header.value());
      }
    }
    String reason = verdict.fault().name().toLowerCase(Locale.ROOT) + ": " + verdict.reason();
    put(headers, "reason", reason.substring(0, Math.min(reason.length(), REASON_MAX_CHARS)));
    put(headers, "topic", buried.topic());
    put(headers, "partition", Integer.toString(buried.partition()));
    put(headers, "offset", Long.toString(buried.offset()));
    put(headers, "time", clock.instant().toString());
    return letter;
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
