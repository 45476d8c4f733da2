package io.cadastre.benchmarks.instances;

import io.cadastre.benchmarks.measuring.ChildJvm;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.DiscoverDatabases;
import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.Topic;
import io.cadastre.localservers.LocalKafka;
import io.cadastre.localservers.ServerSettings;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The real discovery service in a process of its own, with a broker; orders scans and waits. */
final class Discovery implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private final LocalKafka broker = LocalKafka.start(ServerSettings.temporary());
  private final KafkaSettings settings = KafkaSettings.plain(broker.bootstrapServers());
  private final MessageSender sender =
      new MessageSender(
          settings,
          URI.create("/cadastre/benchmarks"),
          InstantSource.system(),
          new SimpleMeterRegistry(),
          ObservationRegistry.NOOP);
  private final KafkaConsumer<byte[], byte[]> events;
  private final ChildJvm service;
  private long scans;

  Discovery(Fleet fleet, int concurrency, List<String> jvm) throws Exception {
    Topics.ensure(settings, List.of(Topic.values()), List.of());
    events =
        new KafkaConsumer<>(
            settings.client(Map.of("auto.offset.reset", "latest"), Map.of()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    List<TopicPartition> partitions = new ArrayList<>();
    for (int partition = 0; partition < Topic.PARTITIONS; partition++) {
      partitions.add(new TopicPartition(Topic.DATABASES_DISCOVERED.topicName(), partition));
    }
    events.assign(partitions);
    partitions.forEach(events::position);
    List<String> arguments = new ArrayList<>(jvm);
    arguments.addAll(
        List.of(
            "-jar",
            ChildJvm.serviceJar("discovery-service").toString(),
            "--server.port=0",
            "--cadastre.kafka.bootstrap-servers=" + broker.bootstrapServers(),
            "--cadastre.discovery.concurrency=" + concurrency,
            "--cadastre.instance-access.private-keyset-file=" + fleet.privateKeyset(),
            "--cadastre.instance-access.loopback-allowed=true"));
    service = ChildJvm.start("discovery-service", arguments, "Started DiscoveryApplication");
  }

  /** From the first command sent to the last of {@code awaited} discovered. */
  Duration discover(List<InstanceConnection> ordered, List<InstanceConnection> awaited)
      throws Exception {
    Set<Long> missing = new HashSet<>();
    awaited.forEach(instance -> missing.add(instance.instanceId()));
    UUID operation = UUID.randomUUID();
    long start = System.nanoTime();
    List<CompletableFuture<Void>> sent = new ArrayList<>();
    for (InstanceConnection instance : ordered) {
      Scan scan = new Scan(UUID.randomUUID(), ++scans, operation, Instant.now().plus(PATIENCE));
      sent.add(sender.send(new DiscoverDatabases(instance, scan)));
    }
    sent.forEach(CompletableFuture::join);
    List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    while (!missing.isEmpty()) {
      if (System.nanoTime() - start > PATIENCE.toNanos()) {
        throw new TimeoutException(missing.size() + " instances are not discovered");
      }
      for (ConsumerRecord<byte[], byte[]> one : events.poll(Duration.ofMillis(100))) {
        records.add(one);
        missing.remove(Long.valueOf(new String(one.key(), StandardCharsets.UTF_8)));
      }
    }
    Duration taken = Duration.ofNanos(System.nanoTime() - start);
    requireAll(records, operation, awaited);
    return taken;
  }

  /** After the clock was stopped: to read a thousand listings is not the service's work. */
  private static void requireAll(
      List<ConsumerRecord<byte[], byte[]>> records,
      UUID operation,
      List<InstanceConnection> awaited) {
    Set<Long> missing = new HashSet<>();
    awaited.forEach(instance -> missing.add(instance.instanceId()));
    for (ConsumerRecord<byte[], byte[]> one : records) {
      Optional<Envelope<Message>> event = KafkaBinding.read(one);
      if (event.isPresent()
          && event.get().message() instanceof DatabasesDiscovered discovered
          && discovered.scan().operationId().equals(operation)
          && discovered.databases().size() >= Fleet.DATABASES) {
        missing.remove(discovered.instanceId());
      }
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException("not discovered, or of an earlier round: " + missing);
    }
  }

  ChildJvm service() {
    return service;
  }

  @Override
  public void close() {
    service.close();
    events.close();
    sender.close();
    broker.close();
  }
}
