package io.cadastre.examples;

import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.contracts.events.Topic;
import io.cadastre.contracts.events.UnreadableMessageException;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Prints what is found and measured. Run it with the broker's address. */
public final class PrintEvents {

  private static final int REMEMBERED = 10_000;

  /** The newest of what was seen: a re-send comes soon or not at all. */
  private final Set<String> seen =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  private final Consumer<String> out;

  PrintEvents(Consumer<String> out) {
    this.out = out;
  }

  /** Prints until the process is stopped. */
  @SuppressWarnings("SystemOut") // It is what the example is for.
  public static void main(String[] args) {
    new PrintEvents(System.out::println).follow(args[0], "example-java", () -> true);
  }

  void follow(String bootstrapServers, String group, BooleanSupplier goOn) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", bootstrapServers,
            "group.id", group,
            "auto.offset.reset", "earliest");
    try (var consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(Topic.names(Topic.DATABASES_DISCOVERED, Topic.SIZES_COLLECTED));
      while (goOn.getAsBoolean()) {
        for (var record : consumer.poll(Duration.ofMillis(500))) {
          take(record);
        }
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      // Empty: a type or an engine newer than this. A re-send has source and id of the first.
      KafkaBinding.read(record)
          .filter(envelope -> seen.add(envelope.source() + " " + envelope.id()))
          .ifPresent(envelope -> print(envelope.message()));
    } catch (UnreadableMessageException e) {
      // Reading it again will not help: say so and go on.
      out.accept("unreadable at offset " + record.offset());
    }
  }

  private void print(Message message) {
    switch (message) {
      // A part of what was found: all parts of one attempt share scan and started_at, the last says
      // so. Print as they come; to act on what is absent, wait for all.
      case DatabasesDiscovered found ->
          found.databases().forEach(it -> out.accept("found " + it.name()));
      case SizesCollected sizes ->
          sizes.databases().forEach(it -> out.accept(it.name() + " " + it.sizeBytes() + " bytes"));
      default -> {}
    }
  }
}
