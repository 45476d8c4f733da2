package io.cadastre.benchmarks.register;

import io.cadastre.contracts.events.CollectSizes;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.SizeMethod;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.contracts.events.Topic;
import io.cadastre.messaging.KafkaSettings;
import io.cadastre.messaging.send.MessageSender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Takes commands as the size collector does and answers them without looking anywhere. */
final class SizeWorker implements AutoCloseable {

  /** As the size collector cuts them. */
  private static final int ROWS_PER_PART = 2_000;

  private static final URI SOURCE = URI.create("/cadastre/benchmarks");

  private final MessageSender sender;
  private final KafkaConsumer<byte[], byte[]> commands;
  private final List<DatabaseSize> sizes;

  SizeWorker(String bootstrapServers, int databases) {
    KafkaSettings settings = KafkaSettings.plain(bootstrapServers);
    sender =
        new MessageSender(
            settings,
            SOURCE,
            InstantSource.system(),
            new SimpleMeterRegistry(),
            ObservationRegistry.NOOP);
    commands =
        new KafkaConsumer<>(
            settings.client(
                Map.of("auto.offset.reset", "earliest", "group.id", "benchmark"), Map.of()),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    commands.subscribe(List.of(Topic.COLLECT_SIZES.topicName()));
    sizes =
        IntStream.range(0, databases)
            .mapToObj(i -> new DatabaseSize(name(i), 30_000, 10_000L, 10_000L, 10_000L))
            .toList();
  }

  static String name(int database) {
    return "customer_%05d".formatted(database);
  }

  /** Waits for so many commands; what to send in answer is ready to be sent. */
  List<ProducerRecord<byte[], byte[]>> answersToCommands(int count, Instant collectedAt) {
    List<ProducerRecord<byte[], byte[]>> answers = new ArrayList<>();
    for (int received = 0; received < count; ) {
      for (ConsumerRecord<byte[], byte[]> one : commands.poll(Duration.ofMillis(100))) {
        Optional<Envelope<Message>> command = KafkaBinding.read(one);
        if (command.isPresent() && command.get().message() instanceof CollectSizes collect) {
          for (SizesCollected part : parts(collect, collectedAt)) {
            answers.add(KafkaBinding.write(Envelope.of(part, SOURCE, collectedAt, null)));
          }
          received++;
        }
      }
    }
    return answers;
  }

  private List<SizesCollected> parts(CollectSizes command, Instant collectedAt) {
    List<SizesCollected> parts = new ArrayList<>();
    for (int from = 0; from < sizes.size(); from += ROWS_PER_PART) {
      int to = Math.min(from + ROWS_PER_PART, sizes.size());
      parts.add(
          new SizesCollected(
              command.instance().instanceId(),
              command.scan(),
              new Part(parts.size() + 1, to == sizes.size()),
              command.instance().engine(),
              new ServerInfo("MariaDB", "11.4.5"),
              SizeMethod.ALLOCATED_TABLESPACES,
              false,
              null,
              sizes.size(),
              collectedAt,
              collectedAt,
              sizes.subList(from, to),
              List.of()));
    }
    return parts;
  }

  void send(List<ProducerRecord<byte[], byte[]>> records) {
    CompletableFuture.allOf(records.stream().map(sender::send).toArray(CompletableFuture<?>[]::new))
        .join();
  }

  @Override
  public void close() {
    commands.close();
    sender.close();
  }
}
