package io.cadastre.messaging;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How to reach Kafka, {@code cadastre.kafka.*}.
 *
 * @param bootstrapServers {@code host:port}, several separated by commas
 * @param replicationFactor of topics created here; absent = the broker's default
 * @param properties handed to every Kafka client as they are: {@code security.protocol}, {@code
 *     sasl.*}, {@code ssl.*}
 */
public record KafkaSettings(
    @Nullable String bootstrapServers,
    @Nullable Short replicationFactor,
    @Nullable Map<String, String> properties) {

  public KafkaSettings {
    if (bootstrapServers == null || bootstrapServers.isBlank()) {
      throw new IllegalArgumentException(
          "cadastre.kafka.bootstrap-servers: missing (expected: host:port, for example"
              + " kafka:9092)");
    }
    if (replicationFactor != null && replicationFactor < 1) {
      throw new IllegalArgumentException(
          "cadastre.kafka.replication-factor: " + replicationFactor + " (allowed: 1 and more)");
    }
    properties = properties == null ? Map.of() : Map.copyOf(properties);
  }

  /** Without authentication or encryption. */
  public static KafkaSettings plain(String bootstrapServers) {
    return new KafkaSettings(bootstrapServers, null, null);
  }

  /**
   * Configuration of a client: {@code defaults}, then the user's properties, then {@code required}.
   */
  public Map<String, Object> client(Map<String, ?> defaults, Map<String, ?> required) {
    Map<String, Object> config = new HashMap<>(defaults);
    // Metrics go through Micrometer; neither MBeans nor a push to the broker is wanted.
    config.put("metric.reporters", "");
    config.put("enable.metrics.push", false);
    config.putAll(properties == null ? Map.of() : properties);
    config.put("bootstrap.servers", bootstrapServers);
    config.putAll(required);
    return config;
  }

  /** Names no property: {@code sasl.jaas.config} holds a password. */
  @Override
  public String toString() {
    return "KafkaSettings[" + bootstrapServers + "]";
  }
}
