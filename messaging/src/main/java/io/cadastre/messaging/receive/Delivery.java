package io.cadastre.messaging.receive;

import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.UnreadableMessageException;
import io.micrometer.observation.Observation;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** One attempt at a record: read it, hand it to the handler, judge what comes out. */
final class Delivery {

  private static final Logger log = LoggerFactory.getLogger(Delivery.class);

  private final MessageHandler handler;
  private final DeadLetters deadLetters;
  private final ReceiverTelemetry telemetry;
  private volatile boolean closed;

  Delivery(MessageHandler handler, DeadLetters deadLetters, ReceiverTelemetry telemetry) {
    this.handler = handler;
    this.deadLetters = deadLetters;
    this.telemetry = telemetry;
  }

  Outcome attempt(ConsumerRecord<byte[], byte[]> received) {
    try {
      return read(received)
          .map(envelope -> attempt(received, envelope))
          .orElseGet(() -> new Outcome.Done("passed_over"));
    } catch (UnreadableMessageException e) {
      return judge(received, e);
    }
  }

  /** What is logged about the message names it, also when it becomes a dead letter. */
  private Outcome attempt(ConsumerRecord<byte[], byte[]> received, Envelope<Message> envelope) {
    UUID operation = envelope.message().correlationId();
    try (var _ = MDC.putCloseable("operation_id", operation == null ? null : operation.toString());
        var _ = MDC.putCloseable("message_id", envelope.id().toString());
        var _ = MDC.putCloseable("subject", envelope.message().subject())) {
      return handledOrJudged(received, envelope);
    }
  }

  private Outcome handledOrJudged(
      ConsumerRecord<byte[], byte[]> received, Envelope<Message> envelope) {
    try {
      handle(received, envelope);
      return new Outcome.Done("handled");
    } catch (Exception e) {
      return judge(received, e);
    }
  }

  private static Optional<Envelope<Message>> read(ConsumerRecord<byte[], byte[]> received) {
    try {
      return KafkaBinding.read(received);
    } catch (UnreadableMessageException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new UnreadableMessageException(e.toString(), e);
    }
  }

  private void handle(ConsumerRecord<byte[], byte[]> received, Envelope<Message> envelope)
      throws Exception {
    Observation observation = telemetry.start(received);
    try (var _ = observation.openScope()) {
      handler.handle(envelope);
    } catch (Exception | Error e) {
      observation.error(e);
      throw e;
    } finally {
      observation.stop();
    }
  }

  private Outcome judge(ConsumerRecord<byte[], byte[]> received, Exception thrown) {
    if (closed) {
      return new Outcome.Abandoned();
    }
    return switch (Verdict.on(thrown)) {
      case Verdict.Wait wait -> new Outcome.Outage(wait.cause());
      case Verdict.Bury bury -> bury(received, bury, thrown);
    };
  }

  private Outcome bury(
      ConsumerRecord<byte[], byte[]> received, Verdict.Bury verdict, Exception thrown) {
    String place = placeOf(received);
    switch (verdict.fault()) {
      case FAILED -> log.error("{} becomes a dead letter", place, thrown);
      case UNREADABLE, REJECTED ->
          log.warn("{} becomes a dead letter: {}", place, verdict.reason());
    }
    try {
      deadLetters.bury(received, verdict);
    } catch (RuntimeException e) {
      return switch (Verdict.on(e)) {
        case Verdict.Wait wait -> new Outcome.Outage(wait.cause());
        case Verdict.Bury _ -> throw e;
      };
    }
    telemetry.deadLetter(verdict.fault());
    return new Outcome.Done("dead_letter");
  }

  static String placeOf(ConsumerRecord<byte[], byte[]> received) {
    return received.topic() + "-" + received.partition() + "@" + received.offset();
  }

  /** From now on what fails is not judged: closing interrupts it. */
  void close() {
    closed = true;
  }
}
