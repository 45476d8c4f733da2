package io.cadastre.contracts.events;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * CloudEvents 1.0 on Kafka in binary mode: the value is the JSON of the data, every attribute is a
 * header {@code ce_…}. See the CloudEvents Kafka protocol binding, section 3.2.
 */
public final class KafkaBinding {

  private static final String CONTENT_TYPE = "application/json";
  private static final String SPEC_VERSION = "1.0";

  private KafkaBinding() {}

  /** The record to send; no header is ever null, some clients cannot read such records. */
  public static ProducerRecord<byte[], byte[]> write(Envelope<?> envelope) {
    Message message = envelope.message();
    MessageType type = MessageType.of(message);
    ProducerRecord<byte[], byte[]> producerRecord =
        new ProducerRecord<>(
            Topic.of(message).topicName(), utf8(message.subject()), MessageJson.write(message));
    Headers headers = producerRecord.headers();
    put(headers, "content-type", CONTENT_TYPE);
    put(headers, "ce_specversion", SPEC_VERSION);
    put(headers, "ce_id", envelope.id().toString());
    put(headers, "ce_source", envelope.source().toString());
    put(headers, "ce_type", type.name());
    put(headers, "ce_time", envelope.time().toString());
    put(headers, "ce_subject", message.subject());
    put(headers, "ce_partitionkey", message.subject());
    put(headers, "ce_sequence", message.sequence());
    UUID correlationId = message.correlationId();
    if (correlationId != null) {
      put(headers, "ce_correlationid", correlationId.toString());
    }
    String traceparent = envelope.traceparent();
    if (traceparent != null) {
      put(headers, "traceparent", traceparent);
      put(headers, "ce_traceparent", traceparent);
    }
    return producerRecord;
  }

  /**
   * The message in a record, empty where this version does not know its type, or where it is an
   * event about an {@link Engine} this version does not know.
   *
   * @throws UnreadableMessageException where it is no CloudEvent or its data does not fit its type
   */
  public static Optional<Envelope<Message>> read(ConsumerRecord<byte[], byte[]> consumerRecord) {
    Headers headers = consumerRecord.headers();
    String name = required(headers, "ce_type");
    requireOurEncoding(headers);
    return MessageType.named(name).flatMap(known -> read(consumerRecord, known));
  }

  private static Optional<Envelope<Message>> read(
      ConsumerRecord<byte[], byte[]> consumerRecord, MessageType type) {
    Headers headers = consumerRecord.headers();
    byte @Nullable [] value = consumerRecord.value();
    if (value == null) {
      throw new UnreadableMessageException(type.name() + " has no data", null);
    }
    try {
      return Optional.of(
          new Envelope<>(
              UUID.fromString(required(headers, "ce_id")),
              URI.create(required(headers, "ce_source")),
              Instant.parse(required(headers, "ce_time")),
              optional(headers, "traceparent"),
              data(value, type)));
    } catch (JacksonException e) {
      if (!isCommand(type) && Engine.isLater(e)) {
        return Optional.empty();
      }
      throw unreadable(type, e);
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new UnreadableMessageException(type.name() + ": " + e.getMessage(), e);
    }
  }

  private static void requireOurEncoding(Headers headers) {
    String contentType = optional(headers, "content-type");
    if (contentType != null && !CONTENT_TYPE.equalsIgnoreCase(mediaType(contentType))) {
      throw new UnreadableMessageException(
          "content-type: %s (allowed: %s with the attributes in headers ce_…)"
              .formatted(contentType, CONTENT_TYPE),
          null);
    }
    String version = required(headers, "ce_specversion");
    if (!version.equals(SPEC_VERSION)) {
      throw new UnreadableMessageException(
          "ce_specversion: %s (allowed: %s)".formatted(version, SPEC_VERSION), null);
    }
  }

  /** Without its parameters. */
  private static String mediaType(String contentType) {
    int parameters = contentType.indexOf(';');
    return (parameters < 0 ? contentType : contentType.substring(0, parameters)).strip();
  }

  private static boolean isCommand(MessageType type) {
    return Command.class.isAssignableFrom(type.record());
  }

  /** Commands carry sealed passwords, so of what is wrong with one only the place is told. */
  private static UnreadableMessageException unreadable(MessageType type, JacksonException e) {
    String place = type.name() + where(e);
    return isCommand(type)
        ? new UnreadableMessageException(place + " cannot be read", null)
        : new UnreadableMessageException(place + ": " + e.getOriginalMessage(), null);
  }

  private static Message data(byte[] value, MessageType type) {
    Message message = MessageJson.read(value, type.record());
    if (message instanceof Record parts) {
      DataCheck.check(parts);
    }
    return message;
  }

  /** The property at which reading ended, where there is one. */
  private static String where(JacksonException e) {
    return e.getPath().stream()
        .map(JacksonException.Reference::getPropertyName)
        .filter(Objects::nonNull)
        .map(name -> "." + name)
        .collect(Collectors.joining());
  }

  private static String required(Headers headers, String name) {
    String value = optional(headers, name);
    if (value == null) {
      throw new UnreadableMessageException("header " + name + " is missing", null);
    }
    return value;
  }

  private static @Nullable String optional(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? null
        : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static void put(Headers headers, String name, String value) {
    headers.add(name, utf8(value));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
