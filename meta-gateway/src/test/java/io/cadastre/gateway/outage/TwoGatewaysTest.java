package io.cadastre.gateway.outage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.MetadataChanged;
import io.cadastre.contracts.events.Topic;
import io.cadastre.gateway.fixture.AnotherGateway;
import io.cadastre.gateway.fixture.Answers;
import io.cadastre.gateway.fixture.Api;
import io.cadastre.gateway.fixture.FakeWorker;
import io.cadastre.gateway.fixture.GatewayTest;
import io.cadastre.gateway.fixture.Instances;
import io.cadastre.gateway.fixture.Published;
import io.cadastre.gateway.outbox.Outbox;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.transaction.reactive.TransactionalOperator;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;
import tools.jackson.databind.JsonNode;

/** A second gateway beside the first, on the same register. */
@GatewayTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TwoGatewaysTest {

  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MESSAGES = 100;

  private final Api first;
  private final Outbox outbox;
  private final TransactionalOperator transactions;
  private AnotherGateway second;

  TwoGatewaysTest(Api first, Outbox outbox, TransactionalOperator transactions) {
    this.first = first;
    this.outbox = outbox;
    this.transactions = transactions;
  }

  @BeforeAll
  void start() {
    second = AnotherGateway.start();
  }

  @AfterAll
  void stop() {
    second.close();
  }

  @Test
  void aPageOfTheOneSeesTheProgressOfWorkRequestedAtTheOther() {
    long instance = Instances.register();
    Caller here = new Caller(first);
    Caller there = new Caller(second.api());
    Queue<String> seen = new ConcurrentLinkedQueue<>();
    Flux<ServerSentEvent<JsonNode>> page =
        second
            .api()
            .viewer()
            .get()
            .uri("/api/v1/live?instance_id=" + instance)
            .accept(MediaType.TEXT_EVENT_STREAM)
            .exchange()
            .returnResult(new ParameterizedTypeReference<ServerSentEvent<JsonNode>>() {})
            .getResponseBody()
            .publishOn(Schedulers.boundedElastic());
    var reading =
        page.subscribe(event -> {
          JsonNode data = event.data();
          seen.add(
              data == null || data.path("id").isMissingNode()
                  ? "heartbeat"
                  : there.statusOf(data.get("id").asString()));
        });
    try (FakeWorker worker = new FakeWorker()) {
      await().atMost(PATIENCE).until(() -> !seen.isEmpty());
      worker.script(instance, command -> Answers.of(command, "shop", "crm", "billing"));
      String operation = here.sync("sync-all", instance).operation();
      await().atMost(PATIENCE).until(() -> seen.contains("succeeded"));
      assertThat(there.statusOf(operation)).isEqualTo("succeeded");
      assertThat(seen).contains("running");
    } finally {
      reading.dispose();
    }
  }

  @Test
  void theirRelaysKeepTheOrderOfEachKeyAndRepeatAtMostTheSame() {
    List<String> keys = List.of(first.unique("a"), first.unique("b"), first.unique("c"));
    for (long version = 1; version <= MESSAGES; version++) {
      for (String key : keys) {
        outbox.add(changed(key, version)).as(transactions::transactional).block(PATIENCE);
      }
    }
    Map<String, List<Long>> versions = new HashMap<>();
    Set<UUID> ids = new HashSet<>();
    Published.read(
        Topic.names(Topic.METADATA_CHANGED),
        received ->
            KafkaBinding.read(received)
                .filter(envelope -> envelope.message() instanceof MetadataChanged)
                .filter(
                    envelope -> keys.contains(((MetadataChanged) envelope.message()).entityId()))
                .filter(envelope -> ids.add(envelope.id()))
                .map(envelope -> (MetadataChanged) envelope.message())
                .ifPresent(message ->
                    versions
                        .computeIfAbsent(message.entityId(), _ -> new ArrayList<>())
                        .add(message.version())),
        () -> assertThat(ids).hasSizeGreaterThanOrEqualTo(keys.size() * MESSAGES));
    List<Long> inOrder = LongStream.rangeClosed(1, MESSAGES).boxed().toList();
    assertThat(versions.values()).hasSize(keys.size()).allMatch(inOrder::equals);
    assertThat(ids).hasSize(keys.size() * MESSAGES);
  }

  private static MetadataChanged changed(String key, long version) {
    return new MetadataChanged(
        "test", key, MetadataChanged.Change.UPDATED, version, Instant.EPOCH, null, null);
  }
}
