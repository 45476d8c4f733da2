package io.cadastre.size.command;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.DiscoverDatabases;
import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.Event;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.SizeCollectionFailed;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.contracts.events.TestConnection;
import io.cadastre.messaging.answer.Answer;
import io.cadastre.messaging.answer.ScanMetrics;
import io.cadastre.messaging.receive.MessageHandler;
import io.cadastre.messaging.receive.RejectedMessageException;
import io.cadastre.messaging.send.MessageSender;
import io.cadastre.size.measure.InstanceMeasurement;
import java.time.InstantSource;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers each command, with the sizes or the reason why there are none. */
final class CommandHandler implements MessageHandler {

  private static final Logger log = LoggerFactory.getLogger(CommandHandler.class);

  private final InstanceMeasurement measurement;
  private final MessageSender sender;
  private final InstantSource clock;
  private final ScanMetrics metrics;

  CommandHandler(
      InstanceMeasurement measurement,
      MessageSender sender,
      InstantSource clock,
      ScanMetrics metrics) {
    this.measurement = measurement;
    this.sender = sender;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Done when every part of the answer is acknowledged, and only then. */
  @Override
  public void handle(Envelope<Message> envelope) throws InterruptedException {
    switch (envelope.message()) {
      case CollectSizes command -> answer(command);
      case DiscoverDatabases _, TestConnection _, Event _ ->
          throw new RejectedMessageException(
              envelope.message().getClass().getSimpleName() + " is no command of this service");
    }
  }

  private void answer(CollectSizes command) throws InterruptedException {
    ScanMetrics.Running running = metrics.start("collect_sizes", command.instance().engine());
    String outcome = "abandoned";
    try {
      Answer answer = new Answer(sender);
      if (clock.instant().isAfter(command.scan().expiresAt())) {
        answer.add(measurement.failed(command, expired(command), clock.instant()));
      } else {
        measurement.run(command, answer::add);
      }
      ScanEvent last = answer.awaitAcknowledged();
      outcome = report(command, last);
    } finally {
      running.end(outcome);
    }
  }

  private static Failure expired(CollectSizes command) {
    return new Failure(
        FailureCode.EXPIRED,
        "no worker took the command before %s".formatted(command.scan().expiresAt()),
        true);
  }

  private static String report(CollectSizes command, ScanEvent last) {
    long instanceId = command.instance().instanceId();
    if (last instanceof SizeCollectionFailed failed) {
      Failure failure = failed.failure();
      log.info("sizes of instance {}: {}: {}", instanceId, failure.code(), failure.message());
      return failure.code().name().toLowerCase(Locale.ROOT);
    }
    if (last instanceof SizesCollected collected) {
      log.info(
          "sizes of instance {}: {} databases in {} parts{}",
          instanceId,
          collected.databasesTotal(),
          collected.part().number(),
          collected.estimate() ? ", estimated" : "");
    }
    return "succeeded";
  }
}
