package io.cadastre.gateway.listen;

import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * Tells requests that wait for something to happen that the gateway stops, so that they answer
 * rather than hold it up; whoever is behind them comes again and finds another gateway.
 */
@Component
public final class Closing implements ApplicationListener<ContextClosedEvent> {

  private final Sinks.Empty<Void> begun = Sinks.empty();

  /** Completes when the gateway begins to stop, before anything has stopped. */
  public Mono<Void> begun() {
    return begun.asMono();
  }

  @Override
  public void onApplicationEvent(ContextClosedEvent event) {
    Sinks.EmitResult _ = begun.tryEmitEmpty();
  }
}
