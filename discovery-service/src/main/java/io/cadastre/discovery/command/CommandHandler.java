package io.cadastre.discovery.command;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.Command;
import io.cadastre.contracts.events.ConnectionTested;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.DiscoverDatabases;
import io.cadastre.contracts.events.DiscoveryFailed;
import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.Event;
import io.cadastre.contracts.events.Failure;
import io.cadastre.contracts.events.FailureCode;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.TestConnection;
import io.cadastre.discovery.connectiontest.ConnectionTrial;
import io.cadastre.discovery.scan.InstanceScan;
import io.cadastre.messaging.answer.Answer;
import io.cadastre.messaging.answer.ScanMetrics;
import io.cadastre.messaging.receive.MessageHandler;
import io.cadastre.messaging.receive.RejectedMessageException;
import io.cadastre.messaging.send.MessageSender;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers each command, with its outcome or the reason why there is none. */
final class CommandHandler implements MessageHandler {

  private static final Logger log = LoggerFactory.getLogger(CommandHandler.class);

  private final InstanceScan scan;
  private final ConnectionTrial trial;
  private final MessageSender sender;
  private final InstantSource clock;
  private final ScanMetrics metrics;

  CommandHandler(
      InstanceScan scan,
      ConnectionTrial trial,
      MessageSender sender,
      InstantSource clock,
      ScanMetrics metrics) {
    this.scan = scan;
    this.trial = trial;
    this.sender = sender;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Done when every part of the answer is acknowledged, and only then. */
  @Override
  public void handle(Envelope<Message> envelope) throws InterruptedException {
    Command command =
        switch (envelope.message()) {
          case DiscoverDatabases discover -> discover;
          case TestConnection test -> test;
          case CollectSizes _, Event _ ->
              throw new RejectedMessageException(
                  envelope.message().getClass().getSimpleName() + " is no command of this service");
        };
    ScanMetrics.Running running = metrics.start(kind(command), command.instance().engine());
    String outcome = "abandoned";
    try {
      List<ScanEvent> answer = isExpired(command) ? List.of(expired(command)) : answer(command);
      send(answer);
      Failure failure = failure(answer.getLast());
      report(command, answer, failure);
      outcome = failure == null ? "succeeded" : failure.code().name().toLowerCase(Locale.ROOT);
    } finally {
      running.end(outcome);
    }
  }

  private boolean isExpired(Command command) {
    return clock.instant().isAfter(command.scan().expiresAt());
  }

  private ScanEvent expired(Command command) {
    Instant now = clock.instant();
    Failure failure =
        new Failure(
            FailureCode.EXPIRED,
            "no worker took the command before %s".formatted(command.scan().expiresAt()),
            true);
    return switch (command) {
      case DiscoverDatabases discover -> scan.failed(discover, failure, now);
      case TestConnection test -> trial.failed(test, failure);
      case CollectSizes _ -> throw new IllegalArgumentException("not of this service");
    };
  }

  private List<ScanEvent> answer(Command command) {
    return switch (command) {
      case DiscoverDatabases discover -> scan.run(discover);
      case TestConnection test -> List.of(trial.run(test));
      case CollectSizes _ -> throw new IllegalArgumentException("not of this service");
    };
  }

  private void send(List<ScanEvent> parts) throws InterruptedException {
    Answer answer = new Answer(sender);
    parts.forEach(answer::add);
    var _ = answer.awaitAcknowledged();
  }

  private static @Nullable Failure failure(ScanEvent event) {
    return switch (event) {
      case DiscoveryFailed failed -> failed.failure();
      case ConnectionTested tested -> tested.failure();
      default -> null;
    };
  }

  private static void report(Command command, List<ScanEvent> answer, @Nullable Failure failure) {
    long instanceId = command.instance().instanceId();
    if (failure != null) {
      log.info(
          "{} of instance {}: {}: {}",
          kind(command),
          instanceId,
          failure.code(),
          failure.message());
    } else if (answer.getLast() instanceof DatabasesDiscovered discovered) {
      log.info(
          "{} of instance {}: {} databases in {} parts, visibility {}",
          kind(command),
          instanceId,
          discovered.databasesTotal(),
          answer.size(),
          discovered.visibility());
    } else {
      log.info("{} of instance {}: connected", kind(command), instanceId);
    }
  }

  private static String kind(Command command) {
    return switch (command) {
      case DiscoverDatabases _ -> "discover_databases";
      case TestConnection _ -> "test_connection";
      case CollectSizes _ -> "collect_sizes";
    };
  }
}
