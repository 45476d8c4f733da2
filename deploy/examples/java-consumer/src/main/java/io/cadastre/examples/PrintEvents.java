package io.cadastre.examples;

import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.contracts.events.Topic;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Prints what is found and measured. Run it with the broker's address. */
public final class PrintEvents {

  private final Set<UUID> seen = new HashSet<>();
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
          // Empty: a type newer than this program. A re-send has the id of the first.
          KafkaBinding.read(record)
              .filter(envelope -> seen.add(envelope.id()))
              .ifPresent(envelope -> print(envelope.message()));
        }
      }
    }
  }

  private void print(Message message) {
    switch (message) {
      case DatabasesDiscovered found ->
          found.databases().forEach(it -> out.accept("found " + it.name()));
      case SizesCollected sizes ->
          sizes.databases().forEach(it -> out.accept(it.name() + " " + it.sizeBytes() + " bytes"));
      default -> {}
    }
  }
}
