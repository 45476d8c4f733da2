package io.cadastre.gateway.inventory;

import io.cadastre.contracts.events.MessageJson;
import io.cadastre.contracts.events.MetadataChanged;
import io.cadastre.gateway.outbox.Outbox;
import java.time.InstantSource;
import java.util.UUID;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/**
 * Tells other teams that an instance's databases changed: one summary for each scan that changed
 * something. The databases themselves are in the scan's own events.
 */
@Component
final class InventoryNews {

  private final Outbox outbox;
  private final InstantSource clock;

  InventoryNews(Outbox outbox, InstantSource clock) {
    this.outbox = outbox;
    this.clock = clock;
  }

  Mono<Void> tell(
      long instanceId,
      long scanNumber,
      UUID operationId,
      MetadataChanged.Change change,
      DiscoveryResult result) {
    return result.changedSomething()
        ? outbox.add(
            new MetadataChanged(
                "instance_databases",
                Long.toString(instanceId),
                change,
                scanNumber,
                clock.instant(),
                operationId,
                MessageJson.read(MessageJson.write(result), ObjectNode.class)))
        : Mono.empty();
  }
}
