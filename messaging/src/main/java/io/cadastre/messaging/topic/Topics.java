package io.cadastre.messaging.topic;

import io.cadastre.contracts.events.Topic;
import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.OutageException;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;

/** Creates topics; a topic that exists is left as it is, since whoever runs Kafka may tune it. */
public final class Topics {

  /** Dead letters wait for a person, who may be on holiday. */
  private static final Duration DEAD_LETTER_RETENTION = Duration.ofDays(30);

  /** Room for a record of the broker's usual limit of 1 MiB and the headers that say what it is. */
  private static final int DEAD_LETTER_MAX_BYTES = 2 * 1024 * 1024;

  private static final Map<String, Integer> TIMEOUTS =
      Map.of("request.timeout.ms", 5_000, "default.api.timeout.ms", 10_000);

  private Topics() {}

  /**
   * Creates what is missing of {@code topics} and of the dead-letter topics of these groups.
   *
   * @throws OutageException where Kafka does not answer or refuses; says which topic and why
   */
  public static void ensure(
      KafkaSettings settings, Collection<Topic> topics, Collection<String> consumerGroups) {
    Map<String, NewTopic> wanted = new LinkedHashMap<>();
    topics.forEach(topic -> wanted.put(topic.topicName(), newTopic(topic, settings)));
    consumerGroups.forEach(group -> wanted.put(Topic.deadLetters(group), dead(group, settings)));
    try (Admin admin = Admin.create(settings.client(TIMEOUTS, Map.of()))) {
      Set<String> existing = get("topics could not be listed", admin.listTopics().names());
      wanted.keySet().removeAll(existing);
      admin.createTopics(wanted.values()).values().forEach(Topics::created);
    } catch (KafkaException e) {
      throw new OutageException("topics could not be listed: " + e.getMessage(), e);
    }
  }

  private static NewTopic newTopic(Topic topic, KafkaSettings settings) {
    return new NewTopic(topic.topicName(), Optional.of(Topic.PARTITIONS), replication(settings))
        .configs(Map.of("retention.ms", Long.toString(topic.retention().toMillis())));
  }

  private static NewTopic dead(String group, KafkaSettings settings) {
    return new NewTopic(Topic.deadLetters(group), Optional.of(1), replication(settings))
        .configs(
            Map.of(
                "retention.ms", Long.toString(DEAD_LETTER_RETENTION.toMillis()),
                "max.message.bytes", Integer.toString(DEAD_LETTER_MAX_BYTES)));
  }

  private static Optional<Short> replication(KafkaSettings settings) {
    return Optional.ofNullable(settings.replicationFactor());
  }

  private static void created(String topic, KafkaFuture<Void> creation) {
    try {
      get("topic " + topic + " is missing and could not be created", creation);
    } catch (OutageException e) {
      // Another service that started at the same moment was faster.
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw e;
      }
    }
  }

  private static <T> T get(String failure, KafkaFuture<T> future) {
    try {
      return future.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new OutageException(failure + ": " + cause.getMessage(), cause);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new OutageException(failure + ": interrupted", e);
    }
  }
}
