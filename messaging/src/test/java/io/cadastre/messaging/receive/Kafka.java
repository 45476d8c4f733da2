package io.cadastre.messaging.receive;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cadastre.contracts.events.DiscoverDatabases;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.contracts.events.Topic;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.send.MessageSender;
import io.cadastre.messaging.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.awaitility.Awaitility;

/**
 * One test's view of a broker: its own consumer group, and commands for instance ids that no other
 * test uses. Other tests' messages are passed over.
 */
final class Kafka implements AutoCloseable {

  private static final Topic TOPIC = Topic.DISCOVER_DATABASES;
  private static final AtomicLong INSTANCE_IDS = new AtomicLong(System.nanoTime());
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final LocalKafka broker;
  final String group = "test-" + UUID.randomUUID();
  final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  final ObservationRegistry observations = ObservationRegistry.create();
  final MessageSender sender;
  private final List<MessageReceiver> receivers = new ArrayList<>();
  private final List<Long> mine = new CopyOnWriteArrayList<>();
  private final Queue<CompletableFuture<Void>> sent = new ConcurrentLinkedQueue<>();

  Kafka() {
    this(LocalKafka.shared());
  }

  Kafka(LocalKafka broker) {
    this.broker = broker;
    this.sender =
        new MessageSender(
            settings(Map.of()),
            URI.create("/cadastre/test"),
            InstantSource.system(),
            meters,
            observations);
    skipWhatIsThere();
  }

  /** Other tests have used the topic before. */
  private void skipWhatIsThere() {
    Topics.ensure(settings(Map.of()), List.of(TOPIC), List.of(group));
    try (Admin admin = Admin.create(settings(Map.of()).client(Map.of(), Map.of()))) {
      // A topic is known a moment after it is created.
      Awaitility.await().ignoreExceptions().untilAsserted(() -> skipWhatIsThere(admin));
    }
  }

  private void skipWhatIsThere(Admin admin) throws ExecutionException, InterruptedException {
    Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
    for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
      latest.put(new TopicPartition(TOPIC.topicName(), partition), OffsetSpec.latest());
    }
    Map<TopicPartition, OffsetAndMetadata> ends = new HashMap<>();
    admin
        .listOffsets(latest)
        .all()
        .get()
        .forEach((partition, end) -> ends.put(partition, new OffsetAndMetadata(end.offset())));
    admin.alterConsumerGroupOffsets(group, ends).all().get();
  }

  /** Sets what the broker takes on the group's dead-letter topic. */
  void limitDeadLetters(int bytes) throws ExecutionException, InterruptedException {
    ConfigResource letters =
        new ConfigResource(ConfigResource.Type.TOPIC, Topic.deadLetters(group));
    AlterConfigOp limit =
        new AlterConfigOp(
            new ConfigEntry("max.message.bytes", Integer.toString(bytes)),
            AlterConfigOp.OpType.SET);
    try (Admin admin = Admin.create(settings(Map.of()).client(Map.of(), Map.of()))) {
      admin.incrementalAlterConfigs(Map.of(letters, List.of(limit))).all().get();
    }
    byte[] tooLarge = new byte[2 * bytes];
    new Random(0).nextBytes(tooLarge);
    // The broker takes the setting over a moment later.
    Awaitility.await()
        .untilAsserted(() ->
            assertThatThrownBy(() ->
                    sender.send(new ProducerRecord<>(Topic.deadLetters(group), tooLarge)).join())
                .hasCauseInstanceOf(RecordTooLargeException.class));
  }

  private KafkaSettings settings(Map<String, String> properties) {
    return new KafkaSettings(broker.bootstrapServers(), null, properties);
  }

  /** An instance id of this test. */
  long instance() {
    long id = INSTANCE_IDS.incrementAndGet();
    mine.add(id);
    return id;
  }

  static DiscoverDatabases command(long instanceId, long scanNumber) {
    return new DiscoverDatabases(
        new InstanceConnection(
            instanceId, Engine.MYSQL, "db", 3306, "cadastre", null, TlsMode.DISABLED, null),
        new Scan(UUID.randomUUID(), scanNumber, UUID.randomUUID(), NOW.plusSeconds(600)));
  }

  static ProducerRecord<byte[], byte[]> written(Message message) {
    return KafkaBinding.write(Envelope.of(message, URI.create("/cadastre/test"), NOW, null));
  }

  void send(Message message) {
    sender.send(message).join();
  }

  ReceiverSettings receiverSettings(int concurrency) {
    return ReceiverSettings.of(group, concurrency, TOPIC);
  }

  /** Does not wait for the broker; {@link #sent} has the futures. */
  void sendSoon(Message message) {
    sent.add(sender.send(message));
  }

  List<CompletableFuture<Void>> sent() {
    return List.copyOf(sent);
  }

  MessageReceiver receive(int concurrency, MessageHandler handler) {
    return receive(receiverSettings(concurrency), Map.of(), handler);
  }

  MessageReceiver receive(
      ReceiverSettings settings, Map<String, String> properties, MessageHandler handler) {
    MessageReceiver receiver =
        new MessageReceiver(
            settings(properties),
            settings,
            envelope -> {
              if (mine.contains(instanceOf(envelope))) {
                handler.handle(envelope);
              }
            },
            sender,
            meters,
            observations);
    receivers.add(receiver);
    receiver.start();
    return receiver;
  }

  static long instanceOf(Envelope<Message> envelope) {
    return ((DiscoverDatabases) envelope.message()).instance().instanceId();
  }

  static long numberOf(Envelope<Message> envelope) {
    return ((DiscoverDatabases) envelope.message()).scan().scanNumber();
  }

  /** The group's dead letters about this key. */
  List<ConsumerRecord<byte[], byte[]>> deadLetters(String key) {
    Map<String, Object> config =
        settings(Map.of())
            .client(
                Map.of("auto.offset.reset", "earliest"), Map.of("allow.auto.create.topics", false));
    TopicPartition letters = new TopicPartition(Topic.deadLetters(group), 0);
    List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(List.of(letters));
      consumer.seekToBeginning(List.of(letters));
      Long end = consumer.endOffsets(List.of(letters)).get(letters);
      while (end != null && consumer.position(letters) < end) {
        for (ConsumerRecord<byte[], byte[]> one : consumer.poll(Duration.ofMillis(100))) {
          if (one.key() != null && new String(one.key(), StandardCharsets.UTF_8).equals(key)) {
            found.add(one);
          }
        }
      }
    }
    return found;
  }

  double counted(String meter, String... tags) {
    var counter = meters.find(meter).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  @Override
  public void close() {
    receivers.forEach(MessageReceiver::close);
    sender.close();
  }
}
