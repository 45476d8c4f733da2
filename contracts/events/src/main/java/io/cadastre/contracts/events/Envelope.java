package io.cadastre.contracts.events;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A message with its CloudEvents 1.0 attributes.
 *
 * @param id the same for every re-send of the same message, so a reader that remembers {@code
 *     (source, id)} drops duplicates
 * @param source the service that sent it, for example {@code /cadastre/discovery-service}
 * @param time when it was first made
 * @param traceparent W3C trace context, absent where nothing is traced
 */
public record Envelope<M extends Message>(
    UUID id, URI source, Instant time, @Nullable String traceparent, M message) {

  public static <M extends Message> Envelope<M> of(
      M message, URI source, Instant time, @Nullable String traceparent) {
    String name = MessageType.of(message).name() + "/" + message.identity();
    UUID id = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    return new Envelope<>(id, source, time, traceparent, message);
  }
}
