package io.cadastre.messaging.receive;

import io.cadastre.messaging.FailingCalls;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits offsets in the background, one request at a time; only the poll thread comes here. */
final class Commits {

  private static final Logger log = LoggerFactory.getLogger(Commits.class);
  private static final Duration WAIT = Duration.ofSeconds(5);
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final String CALL = "commit offsets";

  private final Consumer<byte[], byte[]> consumer;
  private final FailingCalls calls;
  private final Map<TopicPartition, Long> confirmed = new HashMap<>();
  private boolean underWay;
  private long failedAtNanos;

  Commits(Consumer<byte[], byte[]> consumer, FailingCalls calls) {
    this.consumer = consumer;
    this.calls = calls;
  }

  /** Commits what the broker has not confirmed; a failed commit is part of the next one. */
  void commit(Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, OffsetAndMetadata> open = open(offsets);
    if (open.isEmpty() || underWay || failedLately()) {
      return;
    }
    underWay = true;
    consumer.commitAsync(
        open,
        (_, failure) -> {
          underWay = false;
          ended(open, failure);
        });
  }

  private boolean failedLately() {
    return failedAtNanos != 0 && System.nanoTime() - failedAtNanos < RETRY.toNanos();
  }

  /** Waits for the broker's confirmation; without it the records come again. */
  void commitNow(Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, OffsetAndMetadata> open = open(offsets);
    if (open.isEmpty()) {
      return;
    }
    try {
      consumer.commitSync(open, WAIT);
      ended(open, null);
    } catch (KafkaException e) {
      ended(open, e);
    }
  }

  /** They are no longer ours. */
  void forget(Collection<TopicPartition> partitions) {
    confirmed.keySet().removeAll(partitions);
  }

  private Map<TopicPartition, OffsetAndMetadata> open(Map<TopicPartition, Long> offsets) {
    Map<TopicPartition, OffsetAndMetadata> open = new HashMap<>();
    offsets.forEach((partition, offset) -> {
      if (!offset.equals(confirmed.get(partition))) {
        open.put(partition, new OffsetAndMetadata(offset));
      }
    });
    return open;
  }

  private void ended(
      Map<TopicPartition, OffsetAndMetadata> committed, @Nullable Exception failure) {
    switch (failure) {
      case null -> {
        committed.forEach((partition, offset) -> confirmed.put(partition, offset.offset()));
        failedAtNanos = 0;
        calls.succeeded(CALL);
      }
      case RebalanceInProgressException e -> log.debug("commit waits for the rebalance", e);
      default -> {
        failedAtNanos = System.nanoTime();
        if (calls.failed(CALL, String.valueOf(failure.getMessage()))) {
          log.warn("offsets cannot be committed: {}; trying again", failure.getMessage());
        }
      }
    }
  }
}
