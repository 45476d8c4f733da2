package io.cadastre.messaging.receive;

import io.cadastre.contracts.events.Topic;
import java.time.Duration;
import java.util.List;

/**
 * What a receiver reads, and its limits.
 *
 * @param group consumer group; replicas of one service share it
 * @param concurrency how many messages are handled at once, over all partitions
 * @param lookAhead how many records of a partition may be taken beyond its first unfinished one;
 *     after a crash at most so many of each partition come again
 * @param heldBytes no more records are taken while those held in memory exceed this
 * @param revokeWait how long running work is waited for when its partition moves to another
 *     replica; work that takes longer is done twice
 * @param closeWait how long running work is waited for at shutdown; then it is interrupted and
 *     comes again
 */
public record ReceiverSettings(
    String group,
    List<Topic> topics,
    int concurrency,
    int lookAhead,
    long heldBytes,
    Duration revokeWait,
    Duration closeWait) {

  public ReceiverSettings {
    if (concurrency < 1) {
      throw new IllegalArgumentException("concurrency: " + concurrency + " (allowed: 1 and more)");
    }
    if (lookAhead < PollLoop.MAX_POLL_RECORDS) {
      throw new IllegalArgumentException(
          "lookAhead: " + lookAhead + " (allowed: " + PollLoop.MAX_POLL_RECORDS + " and more)");
    }
    topics = List.copyOf(topics);
  }

  /** With the limits that fit every service of Cadastre. */
  public static ReceiverSettings of(String group, int concurrency, Topic... topics) {
    return new ReceiverSettings(
        group,
        List.of(topics),
        concurrency,
        1_000,
        32L * 1024 * 1024,
        Duration.ofSeconds(10),
        Duration.ofSeconds(20));
  }
}
