package io.cadastre.contracts.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** Holds the AsyncAPI document against the code that sends and creates. */
class AsyncApiTest {

  private final JsonNode document =
      new YAMLMapper().readTree(AsyncApiTest.class.getResourceAsStream("/cadastre/asyncapi.yaml"));

  @ParameterizedTest
  @EnumSource
  void aTopicIsDescribedAsItIsCreated(Topic topic) {
    JsonNode kafka = channel(topic).at("/bindings/kafka");
    assertThat(kafka.get("partitions").asInt()).isEqualTo(Topic.PARTITIONS);
    assertThat(kafka.at("/topicConfiguration/retention.ms").asLong())
        .isEqualTo(topic.retention().toMillis());
  }

  @ParameterizedTest
  @EnumSource
  void aTopicCarriesTheTypesThatAreSentThere(Topic topic) {
    Set<String> sent =
        Samples.full().stream()
            .filter(message -> Topic.of(message) == topic)
            .map(message -> message.getClass().getSimpleName())
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(new TreeSet<>(channel(topic).get("messages").propertyNames())).isEqualTo(sent);
  }

  @Test
  void everyMessageHasItsTypeNameAndItsSchema() {
    JsonNode messages = document.at("/components/messages");
    assertThat(messages.size()).isEqualTo(MessageType.all().size());
    for (MessageType type : MessageType.all()) {
      JsonNode message = messages.get(type.record().getSimpleName());
      assertThat(message.get("name").asString()).isEqualTo(type.name());
      String schema = message.at("/payload/schema/$ref").asString();
      assertThat(AsyncApiTest.class.getResource("/cadastre/" + schema.substring(2)))
          .as(schema)
          .isNotNull();
    }
  }

  @Test
  void theHeadersAreThoseThatAreWritten() {
    JsonNode headers = document.at("/components/schemas/CloudEventHeaders");
    Set<String> written = new TreeSet<>();
    KafkaBinding.write(
            Envelope.of(
                Samples.full().getFirst(), java.net.URI.create("/x"), Samples.AT, "00-a-b-01"))
        .headers()
        .forEach(header -> written.add(header.key()));
    assertThat(new TreeSet<>(headers.get("properties").propertyNames())).isEqualTo(written);
    assertThat(written)
        .containsAll(headers.get("required").valueStream().map(JsonNode::asString).toList());
  }

  /** Cadastre sends events and receives commands; an operation names its messages. */
  @Test
  void anOperationCarriesAllMessagesOfItsChannel() {
    Set<String> covered = new TreeSet<>();
    for (JsonNode operation : document.get("operations")) {
      String channel = operation.at("/channel/$ref").asString();
      Set<String> messages =
          operation
              .get("messages")
              .valueStream()
              .map(message -> message.get("$ref").asString())
              .collect(Collectors.toCollection(TreeSet::new));
      assertThat(messages)
          .containsExactlyElementsOf(
              new TreeSet<>(document.at(channel.substring(1)).get("messages").propertyNames())
                  .stream().map(name -> channel + "/messages/" + name).toList());
      boolean internal = document.at(channel.substring(1)).has("tags");
      assertThat(operation.get("action").asString()).isEqualTo(internal ? "receive" : "send");
      covered.add(channel);
    }
    assertThat(covered).hasSameSizeAs(Topic.values());
  }

  private JsonNode channel(Topic topic) {
    return document
        .get("channels")
        .valueStream()
        .filter(channel -> channel.get("address").asString().equals(topic.topicName()))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void nothingElseIsDescribed() {
    assertThat(document.get("channels").size()).isEqualTo(Arrays.asList(Topic.values()).size());
  }
}
