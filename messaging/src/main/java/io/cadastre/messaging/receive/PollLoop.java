package io.cadastre.messaging.receive;

import io.cadastre.contracts.events.Topic;
import io.cadastre.messaging.Backoff;
import io.cadastre.messaging.FailingCalls;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that talks to the consumer. It never waits for a handler, so it always polls in
 * time to stay in the group; partitions without room are paused.
 */
final class PollLoop implements ConsumerRebalanceListener {

  /** How many records one poll brings at most: the step in which room is reckoned. */
  static final int MAX_POLL_RECORDS = 50;

  private static final Logger log = LoggerFactory.getLogger(PollLoop.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration POLL_WHILE_FULL = Duration.ofMillis(20);
  private static final String CALL = "poll";

  private final ReceiverSettings settings;
  private final Consumer<byte[], byte[]> consumer;
  private final Handling handling;
  private final Commits commits;
  private final LagProbe lag;
  private final FailingCalls calls;
  private final CountDownLatch stop;
  private final Backoff backoff = Backoff.standard();
  private int failures;

  /** All partitions are given up, although the consumer, when closed, gives them up once more. */
  private boolean ended;

  PollLoop(
      ReceiverSettings settings,
      Consumer<byte[], byte[]> consumer,
      Handling handling,
      ReceiverTelemetry telemetry,
      FailingCalls calls,
      CountDownLatch stop) {
    this.settings = settings;
    this.consumer = consumer;
    this.handling = handling;
    this.commits = new Commits(consumer, calls);
    this.lag = new LagProbe(consumer, handling, telemetry, calls);
    this.calls = calls;
    this.stop = stop;
  }

  /** Until {@code stop}; then what runs is waited for and committed. */
  void run() throws InterruptedException {
    consumer.subscribe(Topic.names(settings.topics().toArray(Topic[]::new)), this);
    while (stop.getCount() > 0) {
      turn();
    }
    giveUp(consumer.assignment(), settings.closeWait());
    ended = true;
  }

  private void turn() throws InterruptedException {
    ConsumerRecords<byte[], byte[]> records = poll(consumer.paused().isEmpty());
    handling.take(records);
    Set<TopicPartition> assigned = consumer.assignment();
    balance(assigned);
    commits.commit(handling.committable(assigned));
    lag.look(assigned);
    if (records.isEmpty() && !consumer.paused().isEmpty()) {
      handling.awaitProgress(POLL_WHILE_FULL);
    }
  }

  private ConsumerRecords<byte[], byte[]> poll(boolean room) throws InterruptedException {
    try {
      ConsumerRecords<byte[], byte[]> records = consumer.poll(room ? POLL : Duration.ZERO);
      calls.succeeded(CALL);
      failures = 0;
      return records;
    } catch (AuthenticationException | AuthorizationException | RetriableException e) {
      // The consumer is still sound, and whoever runs Kafka can mend this without a restart here.
      if (calls.failed(CALL, String.valueOf(e.getMessage()))) {
        log.warn("{} cannot poll: {}; trying again", settings.group(), e.getMessage());
      }
      boolean _ = stop.await(backoff.after(++failures).toMillis(), TimeUnit.MILLISECONDS);
      return ConsumerRecords.empty();
    }
  }

  private void balance(Set<TopicPartition> assigned) {
    Set<TopicPartition> paused = consumer.paused();
    for (TopicPartition partition : assigned) {
      boolean full = handling.isFull(partition);
      if (full && !paused.contains(partition)) {
        consumer.pause(List.of(partition));
      } else if (!full && paused.contains(partition)) {
        consumer.resume(List.of(partition));
      }
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
    log.info("{} reads {} more partitions: {}", settings.group(), partitions.size(), partitions);
    handling.assign(partitions);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
    if (!ended) {
      log.info("{} gives up {} partitions: {}", settings.group(), partitions.size(), partitions);
      giveUp(partitions, settings.revokeWait());
    }
  }

  /** Another member may already read them, so nothing is waited for and nothing committed. */
  @Override
  public void onPartitionsLost(Collection<TopicPartition> partitions) {
    if (!ended) {
      log.warn("{} lost {} partitions: {}", settings.group(), partitions.size(), partitions);
      handling.revoke(partitions, Duration.ZERO);
      commits.forget(partitions);
    }
  }

  private void giveUp(Collection<TopicPartition> partitions, Duration wait) {
    commits.commitNow(handling.revoke(partitions, wait));
    commits.forget(partitions);
  }
}
