package io.cadastre.messaging.receive;

import io.cadastre.contracts.events.MessageType;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** What a receiver counts and times; the observation continues the sender's trace. */
final class ReceiverTelemetry {

  private final String group;
  private final MeterRegistry meters;
  private final ObservationRegistry observations;
  private final Map<String, AtomicLong> lag = new ConcurrentHashMap<>();

  ReceiverTelemetry(String group, MeterRegistry meters, ObservationRegistry observations) {
    this.group = group;
    this.meters = meters;
    this.observations = observations;
  }

  void inFlight(Supplier<Number> running) {
    Gauge.builder("cadastre.messages.in.flight", running)
        .description("Messages being handled now")
        .tag("group", group)
        .register(meters);
    for (Verdict.Fault fault : Verdict.Fault.values()) {
      // From zero, so that the first one is seen as an increase.
      deadLetters(fault);
    }
  }

  void received(ConsumerRecord<byte[], byte[]> received, String outcome) {
    Counter.builder("cadastre.messages.received")
        .description("Messages whose handling ended, by how it ended")
        .tag("topic", received.topic())
        .tag("type", type(received))
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }

  void retried(ConsumerRecord<byte[], byte[]> received) {
    Counter.builder("cadastre.message.retries")
        .description("Attempts at a message that met an outage and will be repeated")
        .tag("topic", received.topic())
        .tag("type", type(received))
        .register(meters)
        .increment();
  }

  void deadLetter(Verdict.Fault fault) {
    deadLetters(fault).increment();
  }

  private Counter deadLetters(Verdict.Fault fault) {
    return Counter.builder("cadastre.dead.letters")
        .description("Messages put aside because they cannot be handled")
        .tag("group", group)
        .tag("reason", fault.name().toLowerCase(Locale.ROOT))
        .register(meters);
  }

  /** Of the partitions this receiver reads; replicas of the group add up. */
  void lag(String topic, long records) {
    lag.computeIfAbsent(topic, this::lagGauge).set(records);
  }

  private AtomicLong lagGauge(String topic) {
    AtomicLong value = new AtomicLong();
    Gauge.builder("cadastre.consumer.lag.records", value, AtomicLong::get)
        .description("Messages on the topic that are not yet done")
        .tag("group", group)
        .tag("topic", topic)
        .register(meters);
    return value;
  }

  Observation start(ConsumerRecord<byte[], byte[]> received) {
    ReceiverContext<Headers> context =
        new ReceiverContext<>(ReceiverTelemetry::header, Kind.CONSUMER);
    context.setCarrier(received.headers());
    context.setRemoteServiceName("kafka");
    return Observation.createNotStarted("cadastre.message.handling", () -> context, observations)
        .contextualName("handle " + received.topic())
        .lowCardinalityKeyValue("topic", received.topic())
        .lowCardinalityKeyValue("type", type(received))
        .start();
  }

  /** Only known names: what foreign senders write must not make series without end. */
  private static String type(ConsumerRecord<byte[], byte[]> received) {
    String name = header(received.headers(), "ce_type");
    return MessageType.named(name).map(type -> type.record().getSimpleName()).orElse("unknown");
  }

  static String header(Headers headers, String name) {
    Header header = headers.lastHeader(name);
    return header == null || header.value() == null
        ? ""
        : new String(header.value(), StandardCharsets.UTF_8);
  }
}
