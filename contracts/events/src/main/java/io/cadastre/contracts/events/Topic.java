package io.cadastre.contracts.events;

import java.time.Duration;
import java.util.List;

/**
 * The Kafka topics of Cadastre, with what has to be known to create one. Nothing else is created.
 */
public enum Topic {
  DATABASES_DISCOVERED("cadastre.databases-discovered.v1", Duration.ofDays(14)),
  SIZES_COLLECTED("cadastre.sizes-collected.v1", Duration.ofDays(14)),
  CONNECTION_TESTED("cadastre.connection-tested.v1", Duration.ofDays(1)),
  METADATA_CHANGED("cadastre.metadata-changed.v1", Duration.ofDays(14)),
  DISCOVER_DATABASES("cadastre.commands.discover-databases.v1", Duration.ofDays(1)),
  COLLECT_SIZES("cadastre.commands.collect-sizes.v1", Duration.ofDays(1)),
  TEST_CONNECTION("cadastre.commands.test-connection.v1", Duration.ofDays(1));

  /** Enough for a few replicas of each consumer; the key keeps one instance in order. */
  public static final int PARTITIONS = 6;

  private final String topicName;
  private final Duration retention;

  Topic(String topicName, Duration retention) {
    this.topicName = topicName;
    this.retention = retention;
  }

  public String topicName() {
    return topicName;
  }

  /** How long a record stays readable. */
  public Duration retention() {
    return retention;
  }

  /** Where a consumer group puts messages it cannot read. */
  public static String deadLetters(String consumerGroup) {
    return consumerGroup + ".dead-letters.v1";
  }

  /** Where messages of this type go. */
  public static Topic of(Message message) {
    return switch (message) {
      case DatabasesDiscovered _, DiscoveryFailed _ -> DATABASES_DISCOVERED;
      case SizesCollected _, SizeCollectionFailed _ -> SIZES_COLLECTED;
      case ConnectionTested _ -> CONNECTION_TESTED;
      case MetadataChanged _ -> METADATA_CHANGED;
      case DiscoverDatabases _ -> DISCOVER_DATABASES;
      case CollectSizes _ -> COLLECT_SIZES;
      case TestConnection _ -> TEST_CONNECTION;
    };
  }

  /** The names alone, as a consumer subscribes to them. */
  public static List<String> names(Topic... topics) {
    return List.of(topics).stream().map(Topic::topicName).toList();
  }
}
