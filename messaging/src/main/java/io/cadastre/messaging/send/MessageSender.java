package io.cadastre.messaging.send;

import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.Topic;
import io.cadastre.messaging.FailingCalls;
import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.MessagingHealth;
import io.cadastre.messaging.OutageException;
import io.cadastre.messaging.topic.TopicCreation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends messages. A future completes when every in-sync replica has the record, on the thread that
 * talks to Kafka: do not block there. While Kafka is down, records wait in order for as long as it
 * takes, and so may the callers of {@code send}: it blocks while no broker can be asked about the
 * topic and when {@link #BUFFER_BYTES} are full. So call it on a virtual thread, never on an event
 * loop.
 *
 * <p>A future fails with {@link OutageException} where the same record may be sent again later (the
 * sender is closed, the broker refuses this account), otherwise with the broker's reason (the
 * record is too large).
 */
public final class MessageSender implements AutoCloseable {

  /** Room for what is not yet acknowledged. */
  static final int BUFFER_BYTES = 32 * 1024 * 1024;

  /** Unacknowledged for longer, and Kafka counts as down. */
  private static final Duration ACKNOWLEDGED_WITHIN = Duration.ofSeconds(5);

  private static final Duration CLOSE_WAIT = Duration.ofSeconds(10);
  private static final String CALL = "send";
  private static final String TRACEPARENT = "traceparent";

  private final URI source;
  private final InstantSource clock;
  private final FailingCalls calls;
  private final Unacknowledged unacknowledged;
  private final SenderTelemetry telemetry;
  private final TopicCreation topics;
  private final Producer<byte[], byte[]> producer;

  /**
   * Connects in the background.
   *
   * @param source of the messages, for example {@code /cadastre/discovery-service}
   */
  public MessageSender(
      KafkaSettings settings,
      URI source,
      InstantSource clock,
      MeterRegistry meters,
      ObservationRegistry observations) {
    this.source = source;
    this.clock = clock;
    this.calls = new FailingCalls(clock);
    this.unacknowledged = new Unacknowledged(clock);
    this.telemetry = new SenderTelemetry(meters, observations, unacknowledged::size);
    this.producer =
        new KafkaProducer<>(
            settings.client(defaults(), Map.of("enable.idempotence", true, "acks", "all")),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    this.topics = TopicCreation.start(settings, List.of(Topic.values()), List.of(), calls);
  }

  private static Map<String, ?> defaults() {
    return Map.ofEntries(
        // The one compression that every client reads without a plug-in or native code.
        Map.entry("compression.type", "gzip"),
        Map.entry("compression.gzip.level", 1),
        Map.entry("buffer.memory", (long) BUFFER_BYTES),
        // Before compression; after it, the topic's own limit counts.
        Map.entry("max.request.size", BUFFER_BYTES / 2),
        Map.entry("linger.ms", 0L),
        Map.entry("reconnect.backoff.max.ms", 1_000L),
        Map.entry("request.timeout.ms", 10_000),
        // Nothing times out: a record waits until Kafka is back or the sender is closed.
        Map.entry("delivery.timeout.ms", Integer.MAX_VALUE),
        Map.entry("max.block.ms", (long) Integer.MAX_VALUE));
  }

  /** Sends a message made now, as part of the current trace. */
  public CompletableFuture<Void> send(Message message) {
    Headers trace = new RecordHeaders();
    Observation observation = telemetry.start(message, trace);
    Envelope<Message> envelope =
        Envelope.of(message, source, clock.instant(), text(trace.lastHeader(TRACEPARENT)));
    ProducerRecord<byte[], byte[]> written = KafkaBinding.write(envelope);
    for (Header header : trace) {
      if (!header.key().equals(TRACEPARENT)) {
        written.headers().add(header);
      }
    }
    return send(written)
        .whenComplete((_, failure) -> {
          if (failure != null) {
            observation.error(failure);
          }
          observation.stop();
        });
  }

  /** Sends a record as it is, with the trace it carries. */
  public CompletableFuture<Void> send(ProducerRecord<byte[], byte[]> message) {
    CompletableFuture<Void> sent = new CompletableFuture<>();
    Unacknowledged.Waiting waiting = unacknowledged.add(message.topic());
    try {
      topics.await();
      Future<?> _ =
          producer.send(
              message,
              (_, failure) -> {
                unacknowledged.remove(waiting);
                complete(sent, message, failure);
              });
    } catch (RuntimeException e) {
      unacknowledged.remove(waiting);
      complete(sent, message, e);
    }
    return sent;
  }

  private void complete(
      CompletableFuture<Void> sent,
      ProducerRecord<byte[], byte[]> message,
      @Nullable Exception failure) {
    switch (failure) {
      case null -> {
        calls.succeeded(CALL);
        telemetry.sent(message, "acknowledged");
        sent.complete(null);
      }
      case RecordTooLargeException _, InvalidTopicException _ -> {
        telemetry.sent(message, "refused");
        sent.completeExceptionally(failure);
      }
      case InterruptException _ ->
          sent.completeExceptionally(new OutageException("interrupted", failure));
      default -> {
        boolean _ = calls.failed(CALL, message.topic() + ": " + failure.getMessage());
        telemetry.sent(message, "failed");
        sent.completeExceptionally(
            new OutageException(message.topic() + ": " + failure.getMessage(), failure));
      }
    }
  }

  private static @Nullable String text(@Nullable Header header) {
    return header == null ? null : new String(header.value(), StandardCharsets.UTF_8);
  }

  /** Down while Kafka leaves a record unacknowledged for seconds. */
  public MessagingHealth health() {
    return unacknowledged
        .overdue(ACKNOWLEDGED_WITHIN)
        .<MessagingHealth>map(oldest ->
            new MessagingHealth.Down(
                CALL, oldest.since(), oldest.topic() + ": no broker acknowledges"))
        .filter(_ -> calls.health() instanceof MessagingHealth.Up)
        .orElseGet(calls::health);
  }

  /** Waits a little for what is not acknowledged, then fails it. */
  @Override
  public void close() {
    topics.close();
    producer.close(CLOSE_WAIT);
  }
}
