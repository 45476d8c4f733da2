package io.cadastre.messaging.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.cadastre.contracts.events.Topic;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.OutageException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

class TopicsTest {

  @Test
  void createsWhatIsMissingWithPartitionsAndRetentionAndLeavesTheRest() throws Exception {
    KafkaSettings settings = KafkaSettings.plain(LocalKafka.shared().bootstrapServers());
    String group = "topics-" + UUID.randomUUID();
    Topics.ensure(settings, List.of(Topic.values()), List.of(group));
    Topics.ensure(settings, List.of(Topic.values()), List.of(group));
    try (Admin admin = Admin.create(settings.client(Map.of(), Map.of()))) {
      String events = Topic.SIZES_COLLECTED.topicName();
      String letters = Topic.deadLetters(group);
      var described = admin.describeTopics(List.of(events, letters)).allTopicNames().get();
      assertThat(described.values())
          .extracting(TopicDescription::name, one -> one.partitions().size())
          .containsExactlyInAnyOrder(tuple(events, Topic.PARTITIONS), tuple(letters, 1));
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, events);
      assertThat(admin.describeConfigs(List.of(resource)).all().get().get(resource))
          .extracting(config -> config.get("retention.ms").value())
          .isEqualTo(Long.toString(Topic.SIZES_COLLECTED.retention().toMillis()));
    }
  }

  @Test
  void anUnreachableBrokerIsAnOutage() {
    KafkaSettings nobody =
        new KafkaSettings(
            "127.0.0.1:1",
            null,
            Map.of("default.api.timeout.ms", "1000", "request.timeout.ms", "500"));
    assertThatThrownBy(() -> Topics.ensure(nobody, List.of(Topic.values()), List.of()))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining("topics could not be listed");
  }

  @Test
  void aReplicationFactorBeyondTheBrokersIsSaidWithTheTopic() {
    KafkaSettings settings =
        new KafkaSettings(LocalKafka.shared().bootstrapServers(), (short) 3, null);
    String group = "topics-" + UUID.randomUUID();
    assertThatThrownBy(() -> Topics.ensure(settings, List.of(), List.of(group)))
        .isInstanceOf(OutageException.class)
        .hasMessageContaining(Topic.deadLetters(group));
  }
}
