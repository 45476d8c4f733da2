package io.cadastre.messaging.receive;

import io.cadastre.messaging.FailingCalls;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/**
 * Asks the broker every few seconds how far its topics reach. The answer is the lag; that there is
 * one is the health: poll itself does not tell silence from an empty topic.
 */
final class LagProbe {

  private static final Duration EVERY = Duration.ofSeconds(5);
  private static final Duration WAIT = Duration.ofSeconds(2);
  private static final String CALL = "list offsets";

  private final Consumer<byte[], byte[]> consumer;
  private final Handling handling;
  private final ReceiverTelemetry telemetry;
  private final FailingCalls calls;
  private long lookedAtNanos = System.nanoTime() - EVERY.toNanos();

  LagProbe(
      Consumer<byte[], byte[]> consumer,
      Handling handling,
      ReceiverTelemetry telemetry,
      FailingCalls calls) {
    this.consumer = consumer;
    this.handling = handling;
    this.telemetry = telemetry;
    this.calls = calls;
  }

  void look(Set<TopicPartition> assigned) {
    if (System.nanoTime() - lookedAtNanos < EVERY.toNanos()) {
      return;
    }
    try {
      if (assigned.isEmpty()) {
        consumer.listTopics(WAIT);
      } else {
        measure(assigned);
      }
      calls.succeeded(CALL);
    } catch (KafkaException e) {
      calls.failed(CALL, String.valueOf(e.getMessage()));
    }
    lookedAtNanos = System.nanoTime();
  }

  private void measure(Set<TopicPartition> assigned) {
    Map<String, Long> lag = new HashMap<>();
    consumer
        .endOffsets(assigned, WAIT)
        .forEach((partition, end) -> {
          long unread = Math.max(0, end - consumer.position(partition, WAIT));
          lag.merge(partition.topic(), unread + handling.held(partition), Long::sum);
        });
    lag.forEach(telemetry::lag);
  }
}
