package io.cadastre.localservers;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalKafkaTest {
  private static final Map<String, Object> READER =
      Map.of(
          "key.deserializer", StringDeserializer.class,
          "value.deserializer", StringDeserializer.class,
          "auto.offset.reset", "earliest");

  @TempDir private Path directory;

  @Test
  void theSharedBrokerCarriesAMessage() throws Exception {
    var broker = LocalKafka.shared();
    assertThat(LocalKafka.shared()).isSameAs(broker);
    createTopic(broker, "shared");
    send(broker, "shared", "hello");
    assertThat(read(broker, "shared", 1)).containsExactly("hello");
  }

  @Test
  void aBrokerInItsOwnProcessKeepsItsMessagesOverAKillAndAStop() throws Exception {
    var settings = ServerSettings.keptIn(directory.resolve("own"));
    try (var broker = LocalKafka.start(settings)) {
      createTopic(broker, "kept");
      send(broker, "kept", "before the kill");
      int port = broker.port();
      broker.kill();
      assertThat(FreePort.isFree(port)).isTrue();
      broker.restart();
      assertThat(broker.port()).isEqualTo(port);
      send(broker, "kept", "before the stop");
    }
    try (var broker = LocalKafka.startInside(settings)) {
      assertThat(read(broker, "kept", 2)).containsExactly("before the kill", "before the stop");
    }
  }

  private static void createTopic(LocalKafka broker, String name) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      admin.createTopics(List.of(new NewTopic(name, 1, (short) 1))).all().get(20, TimeUnit.SECONDS);
    }
  }

  private static void send(LocalKafka broker, String topic, String value) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers()),
            new StringSerializer(),
            new StringSerializer())) {
      producer.send(new ProducerRecord<>(topic, value)).get(20, TimeUnit.SECONDS);
    }
  }

  private static List<String> read(LocalKafka broker, String topic, int count) {
    var settings = new java.util.HashMap<>(READER);
    settings.put("bootstrap.servers", broker.bootstrapServers());
    var values = new java.util.ArrayList<String>();
    try (var consumer = new KafkaConsumer<String, String>(settings)) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }
}
