package io.cadastre.gateway.operation;

import io.cadastre.contracts.events.MessageJson;
import io.cadastre.gateway.listen.Channel;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;

/**
 * Tells every gateway's open pages that an operation changed, once the transaction is committed.
 */
@Component
final class LiveNotice {

  private final DatabaseClient database;

  LiveNotice(DatabaseClient database) {
    this.database = database;
  }

  Mono<Void> operation(Operation operation) {
    Map<String, Object> payload =
        Map.of(
            "entity", "operation",
            "id", operation.id(),
            "instance_id", operation.instanceId());
    return database
        .sql("SELECT pg_notify(:channel, :payload)")
        .bind("channel", Channel.LIVE.sqlName())
        .bind("payload", new String(MessageJson.write(payload), StandardCharsets.UTF_8))
        .then();
  }
}
