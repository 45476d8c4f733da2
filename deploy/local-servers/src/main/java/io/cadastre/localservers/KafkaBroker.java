package io.cadastre.localservers;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** One Kafka broker, its own controller, in the process it is started in. */
final class KafkaBroker {
  static final String READY_WORDS = "Kafka answers";
  private static final String CONTROLLER = "CONTROLLER";
  private static final int NODE = 1;

  private KafkaBroker() {}

  static KafkaRaftServer start(Properties properties) {
    var server = new KafkaRaftServer(KafkaConfig.fromProps(properties), Time.SYSTEM);
    server.startup();
    return server;
  }

  /** Runs one as a process of its own; the argument is its properties file. */
  public static void main(String[] args) throws IOException, InterruptedException {
    QuietLogs.apply();
    var properties = new Properties();
    try (var in = Files.newBufferedReader(Path.of(args[0]))) {
      properties.load(in);
    }
    var server = start(properties);
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
    System.out.println(READY_WORDS);
    new CountDownLatch(1).await();
  }

  static void format(Path data) throws IOException {
    var formatter =
        new Formatter()
            .setPrintStream(
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
            .setNodeId(NODE)
            .setClusterId(Uuid.randomUuid().toString())
            .setControllerListenerName(CONTROLLER)
            .setMetadataLogDirectory(data.toString())
            .addDirectory(data.toString());
    try {
      formatter.run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Kafka: its data directory could not be created: " + data, e);
    }
  }

  static Properties properties(
      Path data, int port, int controllerPort, boolean kept, Map<String, String> options) {
    var properties = new Properties();
    properties.putAll(
        Map.of(
            "process.roles",
            "broker,controller",
            "node.id",
            Integer.toString(NODE),
            "controller.quorum.voters",
            NODE + "@127.0.0.1:" + controllerPort,
            "listeners",
            "PLAINTEXT://127.0.0.1:%d,%s://127.0.0.1:%d"
                .formatted(port, CONTROLLER, controllerPort),
            "advertised.listeners",
            "PLAINTEXT://127.0.0.1:" + port,
            "controller.listener.names",
            CONTROLLER,
            "listener.security.protocol.map",
            "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT",
            "log.dirs",
            data.toString(),
            // Topics come from the contract, never from a typing mistake.
            "auto.create.topics.enable",
            "false"));
    onlyBroker(properties);
    quickRestart(properties);
    small(properties);
    if (kept) {
      // A single broker has no replica to recover from: power loss must not cost a message.
      properties.put("log.flush.interval.messages", "1");
    }
    properties.putAll(options);
    return properties;
  }

  private static void onlyBroker(Properties properties) {
    properties.putAll(
        Map.of(
            "offsets.topic.replication.factor", "1",
            "transaction.state.log.replication.factor", "1",
            "transaction.state.log.min.isr", "1",
            "share.coordinator.state.topic.replication.factor", "1",
            "share.coordinator.state.topic.min.isr", "1",
            "group.initial.rebalance.delay.ms", "0"));
  }

  /**
   * With the defaults a broker that was killed waits twelve seconds for its own old session; with
   * much less a busy machine takes it for dead.
   */
  private static void quickRestart(Properties properties) {
    properties.putAll(
        Map.of(
            "broker.session.timeout.ms", "4000",
            "broker.heartbeat.interval.ms", "500",
            "controller.quorum.election.timeout.ms", "200",
            "controller.quorum.fetch.timeout.ms", "1000"));
  }

  private static void small(Properties properties) {
    properties.putAll(
        Map.of(
            "offsets.topic.num.partitions", "5",
            "transaction.state.log.num.partitions", "5",
            "share.coordinator.state.topic.num.partitions", "2",
            "num.network.threads", "2",
            "num.io.threads", "4",
            "log.cleaner.dedupe.buffer.size", "4194304",
            "background.threads", "2"));
  }
}
