package io.cadastre.messaging.receive;

import io.cadastre.messaging.FailingCalls;
import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.MessagingHealth;
import io.cadastre.messaging.OutageException;
import io.cadastre.messaging.send.MessageSender;
import io.cadastre.messaging.topic.TopicCreation;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives the messages of some topics as a member of a consumer group, each at least once.
 *
 * <ul>
 *   <li>Messages with the same key are handled one after another, others side by side.
 *   <li>An offset is committed when its message and all before it on the partition are done. So
 *       that a slow message cannot put off the commit without end, at most {@link
 *       ReceiverSettings#lookAhead} records are taken beyond it.
 *   <li>What cannot be handled goes to the group's dead-letter topic, and nothing behind it waits;
 *       see {@link MessageHandler}.
 *   <li>An {@link Error}, or a bug in here, stops the receiver for good and {@link #health} says
 *       so: then the service has to be restarted.
 * </ul>
 *
 * <p>It uses the classic group protocol, which every Kafka-compatible broker speaks, with
 * cooperative assignment: only partitions that move are interrupted.
 */
public final class MessageReceiver implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(MessageReceiver.class);

  private final KafkaSettings kafka;
  private final ReceiverSettings settings;
  private final ReceiverTelemetry telemetry;
  private final Delivery delivery;
  private final FailingCalls calls = new FailingCalls(InstantSource.system());
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  /**
   * Does nothing until {@link #start}.
   *
   * @param deadLetters sends what cannot be handled
   */
  public MessageReceiver(
      KafkaSettings kafka,
      ReceiverSettings settings,
      MessageHandler handler,
      MessageSender deadLetters,
      MeterRegistry meters,
      ObservationRegistry observations) {
    this.kafka = kafka;
    this.settings = settings;
    this.telemetry = new ReceiverTelemetry(settings.group(), meters, observations);
    this.delivery =
        new Delivery(
            handler,
            new DeadLetters(settings.group(), deadLetters, InstantSource.system()),
            telemetry);
    this.thread =
        Thread.ofPlatform().name(settings.group() + "-receiver").daemon().unstarted(this::run);
  }

  /** Begins to receive, in the background; Kafka need not be there yet. */
  public void start() {
    thread.start();
  }

  private void run() {
    try (TopicCreation topics =
        TopicCreation.start(kafka, settings.topics(), List.of(settings.group()), calls)) {
      if (!topics.await(stop)) {
        return;
      }
      receive();
    } catch (InterruptedException | RuntimeException | Error e) {
      die(e);
    }
  }

  private void receive() throws InterruptedException {
    Handling handling = new Handling(settings, delivery, telemetry, this::die, stop);
    try (Consumer<byte[], byte[]> consumer = consumer()) {
      new PollLoop(settings, consumer, handling, telemetry, calls, stop).run();
    } finally {
      handling.close();
    }
  }

  private Consumer<byte[], byte[]> consumer() {
    Map<String, ?> defaults =
        Map.of(
            // Three heartbeats: the partitions of a killed replica are taken over after it.
            "session.timeout.ms",
            10_000,
            "heartbeat.interval.ms",
            3_000,
            "reconnect.backoff.max.ms",
            1_000L,
            // What a fetch may bring into memory, still compressed.
            "fetch.max.bytes",
            8 * 1024 * 1024);
    Map<String, ?> required =
        Map.of(
            "group.id",
            settings.group(),
            "group.protocol",
            "classic",
            "partition.assignment.strategy",
            CooperativeStickyAssignor.class.getName(),
            "enable.auto.commit",
            false,
            "auto.offset.reset",
            "earliest",
            "allow.auto.create.topics",
            false,
            "max.poll.records",
            PollLoop.MAX_POLL_RECORDS);
    return new KafkaConsumer<>(
        kafka.client(defaults, required), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  private void die(Throwable cause) {
    log.error("{} stops receiving for good", settings.group(), cause);
    calls.died(cause);
    stop.countDown();
  }

  /** Down while Kafka does not answer, dead after a bug. */
  public MessagingHealth health() {
    return calls.health();
  }

  /** Takes no more messages, finishes those being handled, commits and leaves the group. */
  @Override
  public void close() {
    stop.countDown();
    if (!thread.isAlive()) {
      return;
    }
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException("interrupted while closing " + settings.group(), e);
    }
  }
}
