package io.cadastre.gateway.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.cadastre.contracts.events.Command;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.Topic;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import io.cadastre.gateway.fixture.Published;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

@GatewayTest
class TraceTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Api api;
  private final long instance = Instances.register();

  TraceTest(Api api) {
    this.api = api;
  }

  /**
   * The command is sent by the request, the measuring by what the worker answered to it, and the
   * news by that again.
   */
  @Test
  void aTraceGoesFromTheRequestThroughOutboxAndWorkerAndBackToTheNews() {
    String trace = UUID.randomUUID().toString().replace("-", "");
    try (FakeWorker worker = new FakeWorker()) {
      worker.script(instance, command -> Answers.of(command, "shop"));
      api.operator()
          .post()
          .uri("/api/v1/instances/{id}/sync-all", instance)
          .header("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
          .header("Prefer", "wait=60")
          .exchange()
          .expectStatus()
          .isOk();
    }
    Map<String, String> traces = traces("DiscoverDatabases", "CollectSizes", "MetadataChanged");
    assertThat(traces.values()).allSatisfy(found -> assertThat(found).contains(trace));
  }

  /** Of the first message of each type about the instance. */
  private Map<String, String> traces(String... types) {
    Map<String, String> traces = new HashMap<>();
    Published.read(
        Topic.names(Topic.DISCOVER_DATABASES, Topic.COLLECT_SIZES, Topic.METADATA_CHANGED),
        received ->
            KafkaBinding.read(received)
                .filter(envelope -> isAbout(envelope.message().subject()))
                .ifPresent(envelope ->
                    traces.put(
                        envelope.message().getClass().getSimpleName(),
                        String.valueOf(envelope.traceparent()))),
        () -> assertThat(traces).containsKeys(types));
    return traces;
  }

  private boolean isAbout(String subject) {
    return subject.equals(Long.toString(instance)) || subject.endsWith("/" + instance);
  }

  @Test
  void whatIsLoggedWhileAMessageIsHandledNamesItsOperation() {
    Queue<ILoggingEvent> logged = new ConcurrentLinkedQueue<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            // Taken here, on the thread that logs.
            event.getMDCPropertyMap();
            logged.add(event);
          }
        };
    Logger root = (Logger) LoggerFactory.getLogger("io.cadastre.gateway.inbox");
    appender.setContext(root.getLoggerContext());
    appender.start();
    root.addAppender(appender);
    Queue<Command> commands = new ConcurrentLinkedQueue<>();
    try (FakeWorker worker = new FakeWorker()) {
      worker.script(
          instance,
          command -> {
            commands.add(command);
            return Answers.of(command, "shop");
          });
      sync();
      sync();
      Command outdated = commands.element();
      ScanEvent other = Answers.of(outdated, "one", "two").getLast();
      worker.send(other);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() ->
              assertThat(logged)
                  .anySatisfy(event -> {
                    assertThat(event.getFormattedMessage())
                        .contains("of instance " + instance + " is outdated");
                    assertThat(event.getMDCPropertyMap())
                        .containsEntry("operation_id", outdated.scan().operationId().toString())
                        .containsKeys("traceId", "message_id", "subject");
                  }));
    } finally {
      root.detachAppender(appender);
    }
  }

  private void sync() {
    api.operator()
        .post()
        .uri("/api/v1/instances/{id}/sync-databases", instance)
        .header("Prefer", "wait=60")
        .exchange()
        .expectStatus()
        .isOk();
  }
}
