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

  /**
   * Returns once the broker has it; throws what {@link MessageSender#send} fails with. A record
   * that fits its own topic need not fit with the reason beside it: then the value is left out, or
   * all of it. It is still to be read at its place until its topic drops it; nothing may wait for
   * it.
   */
  void bury(ConsumerRecord<byte[], byte[]> buried, Verdict.Bury verdict) {
    boolean sent =
        fits(whole(buried, verdict))
            || fits(withoutValue(buried, verdict))
            || fits(reasonAlone(buried, verdict));
    if (!sent) {
      throw new IllegalStateException("the broker takes no dead letter on " + topic);
    }
  }

  private boolean fits(ProducerRecord<byte[], byte[]> letter) {
    try {
      sender.send(letter).join();
      return true;
    } catch (CompletionException e) {
      if (e.getCause() instanceof RecordTooLargeException) {
        return false;
      }
      throw e;
    }
  }

  private ProducerRecord<byte[], byte[]> whole(
      ConsumerRecord<byte[], byte[]> buried, Verdict.Bury verdict) {
    ProducerRecord<byte[], byte[]> letter =
        new ProducerRecord<>(topic, buried.key(), buried.value());
    copyHeaders(buried, letter.headers());
    explain(buried, verdict, letter.headers());
    return letter;
  }

  private ProducerRecord<byte[], byte[]> withoutValue(
      ConsumerRecord<byte[], byte[]> buried, Verdict.Bury verdict) {
    ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, buried.key(), NOTHING);
    copyHeaders(buried, letter.headers());
    explain(buried, verdict, letter.headers());
    put(letter.headers(), "value_omitted_bytes", Integer.toString(buried.serializedValueSize()));
    return letter;
  }

  private ProducerRecord<byte[], byte[]> reasonAlone(
      ConsumerRecord<byte[], byte[]> buried, Verdict.Bury verdict) {
    ProducerRecord<byte[], byte[]> letter = new ProducerRecord<>(topic, NOTHING, NOTHING);
    explain(buried, verdict, letter.headers());
    put(letter.headers(), "value_omitted_bytes", Integer.toString(buried.serializedValueSize()));
    put(letter.headers(), "key_omitted_bytes", Integer.toString(buried.serializedKeySize()));
    return letter;
  }

  private static void copyHeaders(ConsumerRecord<byte[], byte[]> buried, Headers headers) {
    for (Header header : buried.headers()) {
      // A letter sent round again keeps no trace of its first burial; null headers break clients.
      if (!header.key().startsWith(PREFIX)) {
        headers.add(header.key(), header.value() == null ? NOTHING : header.value());
      }
    }
  }

  private void explain(
      ConsumerRecord<byte[], byte[]> buried, Verdict.Bury verdict, Headers headers) {
    String reason = verdict.fault().name().toLowerCase(Locale.ROOT) + ": " + verdict.reason();
    put(headers, "reason", reason.substring(0, Math.min(reason.length(), REASON_MAX_CHARS)));
    put(headers, "topic", buried.topic());
    put(headers, "partition", Integer.toString(buried.partition()));
    put(headers, "offset", Long.toString(buried.offset()));
    put(headers, "time", clock.instant().toString());
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(PREFIX + name, value.getBytes(StandardCharsets.UTF_8));
  }
}
