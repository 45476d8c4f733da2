package io.cadastre.messaging.receive;

import static io.cadastre.messaging.receive.Kafka.command;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.DiscoverDatabases;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.observation.transport.SenderContext;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class TraceTest {

  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private final Kafka kafka = new Kafka();

  @AfterEach
  void close() {
    kafka.close();
  }

  /** Does what a tracing bridge does at both ends. */
  private static final class Bridge implements ObservationHandler<Observation.Context> {
    private final Queue<String> continued = new ConcurrentLinkedQueue<>();

    @Override
    public void onStart(Observation.Context context) {
      if (context instanceof SenderContext<?> sender) {
        inject(sender);
      } else if (context instanceof ReceiverContext<?> receiver) {
        extract(receiver);
      }
    }

    private static <C> void inject(SenderContext<C> sender) {
      sender.getSetter().set(sender.getCarrier(), "traceparent", TRACEPARENT);
      sender.getSetter().set(sender.getCarrier(), "tracestate", "vendor=1");
    }

    private <C> void extract(ReceiverContext<C> receiver) {
      C carrier = receiver.getCarrier();
      if (carrier != null) {
        continued.add(
            receiver.getGetter().get(carrier, "traceparent")
                + " "
                + receiver.getGetter().get(carrier, "tracestate"));
      }
    }

    @Override
    public boolean supportsContext(Observation.Context context) {
      return true;
    }
  }

  @Test
  void theTraceOfTheSenderContinuesAtTheReceiverAndTheLogNamesTheMessage() {
    Bridge bridge = new Bridge();
    kafka.observations.observationConfig().observationHandler(bridge);
    long instance = kafka.instance();
    Queue<Map<String, @Nullable String>> logged = new ConcurrentLinkedQueue<>();
    Queue<String> traceparents = new ConcurrentLinkedQueue<>();
    kafka.receive(
        1,
        envelope -> {
          logged.add(MDC.getCopyOfContextMap());
          traceparents.add(String.valueOf(envelope.traceparent()));
        });
    DiscoverDatabases command = command(instance, 1);
    kafka.send(command);
    await().until(() -> !logged.isEmpty());
    assertThat(traceparents).containsExactly(TRACEPARENT);
    assertThat(bridge.continued).contains(TRACEPARENT + " vendor=1");
    assertThat(logged.element())
        .containsEntry("operation_id", command.correlationId().toString())
        .containsEntry("subject", Long.toString(instance))
        .containsKey("message_id");
  }
}
