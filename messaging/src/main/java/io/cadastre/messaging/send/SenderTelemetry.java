package io.cadastre.messaging.send;

import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.Topic;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Counts what is sent, and lets the trace of the sender continue at the receiver. */
final class SenderTelemetry {

  private final MeterRegistry meters;
  private final ObservationRegistry observations;

  SenderTelemetry(MeterRegistry meters, ObservationRegistry observations, Supplier<Number> size) {
    this.meters = meters;
    this.observations = observations;
    Gauge.builder("cadastre.messages.unacknowledged", size)
        .description("Messages handed to the sender that no broker has acknowledged yet")
        .register(meters);
  }

  /** A started observation; the trace to continue is in {@code trace} afterwards. */
  Observation start(Message message, Headers trace) {
    String topic = Topic.of(message).topicName();
    SenderContext<Headers> context =
        new SenderContext<>(
            (_, name, value) ->
                trace.remove(name).add(name, value.getBytes(StandardCharsets.UTF_8)),
            Kind.PRODUCER);
    context.setCarrier(trace);
    context.setRemoteServiceName("kafka");
    return Observation.createNotStarted("cadastre.message.sending", () -> context, observations)
        .contextualName("send " + topic)
        .lowCardinalityKeyValue("topic", topic)
        .lowCardinalityKeyValue("type", message.getClass().getSimpleName())
        .start();
  }

  void sent(ProducerRecord<byte[], byte[]> message, String outcome) {
    Header type = message.headers().lastHeader("ce_type");
    Counter.builder("cadastre.messages.sent")
        .description("Messages acknowledged by Kafka, or failed for good")
        .tag("topic", message.topic())
        .tag("type", type == null ? "none" : new String(type.value(), StandardCharsets.UTF_8))
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }
}
