package io.cadastre.gateway.outbox;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/** The W3C trace context of whatever subscribes, where anything is traced. */
@Component
final class CurrentTrace {

  private final ObservationRegistry observations;

  CurrentTrace(ObservationRegistry observations) {
    this.observations = observations;
  }

  Mono<Optional<String>> traceparent() {
    return Mono.deferContextual(context -> {
      Map<String, String> carrier = new HashMap<>();
      SenderContext<Map<String, String>> sender =
          new SenderContext<>((_, name, value) -> carrier.put(name, value), Kind.PRODUCER);
      sender.setCarrier(carrier);
      Observation adding =
          Observation.createNotStarted("cadastre.outbox.adding", () -> sender, observations);
      context
          .<Observation>getOrEmpty(ObservationThreadLocalAccessor.KEY)
          .ifPresent(adding::parentObservation);
      adding.start();
      adding.stop();
      return Mono.just(Optional.ofNullable(carrier.get("traceparent")));
    });
  }
}
