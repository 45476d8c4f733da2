package io.cadastre.gateway.live;

import io.cadastre.gateway.access.RequiresRole;
import io.cadastre.gateway.access.Role;
import io.cadastre.gateway.listen.Channel;
import io.cadastre.gateway.listen.Closing;
import io.cadastre.gateway.listen.DatabaseNotifications;
import io.cadastre.gateway.listen.Signal;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Flux;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What changes, as server-sent events: {@code change} names an entity to read again, {@code
 * refresh} says that events may have been missed. Every gateway hears of all changes, whichever
 * made them.
 */
@RestController
@RequestMapping("/api/v1/live")
class LiveController {

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** A reader this far behind is cut off; it connects again and reads everything anew. */
  private static final int BUFFER = 1_000;

  private final DatabaseNotifications notifications;
  private final Closing closing;

  LiveController(DatabaseNotifications notifications, Closing closing) {
    this.notifications = notifications;
    this.closing = closing;
  }

  @GetMapping(produces = MediaType.TEXT_EVENT_STREAM_VALUE)
  @RequiresRole(Role.VIEWER)
  Flux<ServerSentEvent<JsonNode>> listen(
      @RequestParam(name = "instance_id", required = false) @Nullable Long instanceId) {
    Flux<ServerSentEvent<JsonNode>> changes =
        notifications
            .signals()
            .mapNotNull(signal -> event(signal, instanceId))
            .onBackpressureBuffer(BUFFER);
    Flux<ServerSentEvent<JsonNode>> heartbeat =
        Flux.interval(Duration.ZERO, HEARTBEAT)
            .onBackpressureDrop()
            .map(_ -> ServerSentEvent.<JsonNode>builder().comment("").build());
    return Flux.merge(changes, heartbeat).takeUntilOther(closing.begun());
  }

  private static @Nullable ServerSentEvent<JsonNode> event(
      Signal signal, @Nullable Long instanceId) {
    return switch (signal) {
      case Signal.Connected _ ->
          ServerSentEvent.<JsonNode>builder()
              .event("refresh")
              .data(JsonMapper.shared().createObjectNode())
              .build();
      case Signal.Notified notified when notified.channel() == Channel.LIVE ->
          change(JsonMapper.shared().readTree(notified.payload()), instanceId);
      case Signal.Notified _ -> null;
    };
  }

  private static @Nullable ServerSentEvent<JsonNode> change(
      JsonNode payload, @Nullable Long instanceId) {
    JsonNode of = payload.get("instance_id");
    boolean wanted = instanceId == null || of == null || of.asLong() == instanceId;
    return wanted
        ? ServerSentEvent.<JsonNode>builder().event("change").data(payload).build()
        : null;
  }
}
