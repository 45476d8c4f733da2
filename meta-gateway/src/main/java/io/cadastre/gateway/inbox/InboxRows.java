package io.cadastre.gateway.inbox;

import static java.util.Objects.requireNonNull;

import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.MessageJson;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.gateway.operation.InstanceScans;
import io.cadastre.gateway.operation.OperationStatus;
import io.cadastre.messaging.receive.RejectedMessageException;
import io.r2dbc.postgresql.codec.Json;
import io.r2dbc.spi.Readable;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.r2dbc.core.DatabaseClient;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Mono;
import tools.jackson.databind.node.ObjectNode;

/** The table {@code inbox}, and what of {@code scan} a message is about. */
@Component
final class InboxRows {

  private final DatabaseClient database;
  private final InstanceScans instances;
  private final InstantSource clock;

  InboxRows(DatabaseClient database, InstanceScans instances, InstantSource clock) {
    this.database = database;
    this.instances = instances;
    this.clock = clock;
  }

  /** False where the message was taken in before. */
  Mono<Boolean> remember(Envelope<?> envelope) {
    return database
        .sql(
            """
            INSERT INTO inbox (source, id, received_at) VALUES (:source, :id, :now)
            ON CONFLICT DO NOTHING
            """)
        .bind("source", envelope.source().toString())
        .bind("id", envelope.id())
        .bind("now", clock.instant())
        .fetch()
        .rowsUpdated()
        .map(rows -> rows > 0);
  }

  /** Locks the instance, so that no other message about it is handled meanwhile. */
  Mono<ScanRow> lockScan(ScanEvent event) {
    return instances
        .lock(event.instanceId())
        .then(find(event))
        .switchIfEmpty(
            Mono.error(() ->
                new RejectedMessageException(
                    "there is no scan %s of instance %d"
                        .formatted(event.scan().scanId(), event.instanceId()))));
  }

  private Mono<ScanRow> find(ScanEvent event) {
    return database
        .sql(
            """
            SELECT s.id, s.operation_id, s.number, s.status, a.result,
                   CASE s.kind WHEN 'databases' THEN i.decided_databases
                               WHEN 'sizes' THEN i.decided_sizes
                               ELSE i.decided_connection END AS decided
            FROM scan s JOIN instance_scan i USING (instance_id)
            LEFT JOIN scan_attempt a ON a.scan_id = s.id AND a.attempted_at = :attempt
            WHERE s.id = :scan AND s.instance_id = :instance
            """)
        .bind("scan", event.scan().scanId())
        .bind("instance", event.instanceId())
        .bind("attempt", event.attemptedAt())
        .map(InboxRows::scan)
        .one();
  }

  private static ScanRow scan(Readable row) {
    return new ScanRow(
        required(row, "id", UUID.class),
        required(row, "operation_id", UUID.class),
        required(row, "number", Long.class),
        OperationStatus.valueOf(required(row, "status", String.class).toUpperCase(Locale.ROOT)),
        required(row, "decided", Long.class),
        read(row.get("result", Json.class)));
  }

  private static @Nullable ObjectNode read(@Nullable Json json) {
    return json == null ? null : MessageJson.read(json.asArray(), ObjectNode.class);
  }

  /** Says whether with this part all of its attempt are in. */
  Mono<Boolean> addPart(ScanEvent event) {
    return database
        .sql(
            """
            WITH attempt AS (
              INSERT INTO scan_attempt (scan_id, attempted_at) VALUES (:scan, :attempt) ON CONFLICT DO NOTHING),
            added AS (
              INSERT INTO scan_part (scan_id, attempted_at, number, last) VALUES (:scan, :attempt, :number, :last)
              ON CONFLICT DO NOTHING RETURNING number, last),
            parts AS (
              SELECT number, last FROM scan_part WHERE scan_id = :scan AND attempted_at = :attempt
              UNION SELECT number, last FROM added)
            SELECT coalesce(count(*) = max(number) FILTER (WHERE last), false) AS complete FROM parts
            """)
        .bind("scan", event.scan().scanId())
        .bind("attempt", event.attemptedAt())
        .bind("number", event.part().number())
        .bind("last", event.part().last())
        .map(row -> required(row, "complete", Boolean.class))
        .one();
  }

  /** Keeps what the parts of an attempt came to, for the next of them. */
  Mono<Void> keepResult(ScanEvent event, ObjectNode result) {
    return database
        .sql(
            """
            UPDATE scan_attempt SET result = :result WHERE scan_id = :scan AND attempted_at = :attempt
            """)
        .bind("scan", event.scan().scanId())
        .bind("attempt", event.attemptedAt())
        .bind("result", Json.of(MessageJson.write(result)))
        .then();
  }

  Mono<Long> prune(Instant before) {
    return database
        .sql("DELETE FROM inbox WHERE received_at < :before")
        .bind("before", before)
        .fetch()
        .rowsUpdated();
  }

  private static <T> T required(Readable row, String column, Class<T> type) {
    return requireNonNull(row.get(column, type), column);
  }
}
