package io.cadastre.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cadastre.contracts.events.DatabaseEntry;
import io.cadastre.contracts.events.DatabaseSize;
import io.cadastre.contracts.events.DatabasesDiscovered;
import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.Part;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ServerInfo;
import io.cadastre.contracts.events.SizeMethod;
import io.cadastre.contracts.events.SizesCollected;
import io.cadastre.contracts.events.Topic;
import io.cadastre.contracts.events.Visibility;
import io.cadastre.localservers.LocalKafka;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Runs the examples against a real broker, with a re-send and a type from the future among the
 * events.
 */
class ExampleConsumersTest {

  private static final Instant AT = Instant.parse("2026-11-21T03:00:00Z");
  private static final List<String> EXPECTED =
      List.of("unreadable at offset 1", "found orders", "found 订单 🐘", "orders 5000000000 bytes");

  private static final String BROKER = LocalKafka.shared().bootstrapServers();

  @BeforeAll
  static void publish() throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", BROKER))) {
      admin
          .createTopics(
              Topic.names(Topic.DATABASES_DISCOVERED, Topic.SIZES_COLLECTED).stream()
                  .map(name -> new NewTopic(name, 1, (short) 1))
                  .toList())
          .all()
          .get(30, TimeUnit.SECONDS);
    }
    Scan scan = new Scan(new UUID(0, 1), 1, new UUID(0, 2), AT);
    ServerInfo server = new ServerInfo("PostgreSQL", "18.1");
    Message found =
        new DatabasesDiscovered(
            7,
            scan,
            Part.ONLY,
            Engine.POSTGRESQL,
            server,
            Visibility.COMPLETE,
            null,
            2,
            AT,
            AT,
            List.of(database("orders"), database("订单 🐘")));
    Message sizes =
        new SizesCollected(
            7,
            scan,
            Part.ONLY,
            Engine.POSTGRESQL,
            server,
            SizeMethod.PG_DATABASE_SIZE,
            false,
            null,
            1,
            AT,
            AT,
            List.of(new DatabaseSize("orders", 5_000_000_000L, null, null, null)),
            List.of());
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", BROKER),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      for (ProducerRecord<byte[], byte[]> record :
          List.of(
              record(found), poison(found), record(found), fromTheFuture(found), record(sizes))) {
        producer.send(record).get(30, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void theJavaConsumerPrintsEachEventOnce() throws Exception {
    List<String> lines = new CopyOnWriteArrayList<>();
    AtomicBoolean goOn = new AtomicBoolean(true);
    Thread consumer =
        Thread.ofVirtual()
            .start(() -> new PrintEvents(lines::add).follow(BROKER, "java", goOn::get));
    await().atMost(Duration.ofMinutes(1)).until(() -> lines.size() >= EXPECTED.size());
    goOn.set(false);
    consumer.join();
    assertThat(lines).containsExactlyInAnyOrderElementsOf(EXPECTED);
  }

  @Test
  void theJavaScriptConsumerPrintsEachEventOnce() throws Exception {
    Path folder = installed();
    Path output = folder.resolve("out.txt");
    Process node =
        new ProcessBuilder("node", "print-events.js", BROKER, "javascript")
            .directory(folder.toFile())
            .redirectError(folder.resolve("errors.txt").toFile())
            .redirectOutput(output.toFile())
            .start();
    try {
      await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> Files.readAllLines(output, UTF_8).size() >= EXPECTED.size());
      assertThat(Files.readAllLines(output, UTF_8)).containsExactlyInAnyOrderElementsOf(EXPECTED);
    } finally {
      node.destroy();
      assertThat(node.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static Path installed() throws IOException, InterruptedException {
    Path source = Path.of("../javascript-consumer");
    Path folder = Files.createDirectories(Path.of("target/javascript-consumer"));
    for (String file : List.of("package.json", "package-lock.json", "print-events.js")) {
      Files.write(folder.resolve(file), Files.readAllBytes(source.resolve(file)));
    }
    try {
      Process npm =
          new ProcessBuilder("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("npm.txt").toFile())
              .start();
      assumeTrue(
          npm.waitFor(3, TimeUnit.MINUTES) && npm.exitValue() == 0,
          "npm cannot install the example here: " + folder.resolve("npm.txt"));
    } catch (IOException e) {
      assumeTrue(false, "node and npm are not installed here: " + e.getMessage());
    }
    return folder;
  }

  private static ProducerRecord<byte[], byte[]> record(Message message) {
    return KafkaBinding.write(Envelope.of(message, URI.create("/example"), AT, null));
  }

  private static ProducerRecord<byte[], byte[]> fromTheFuture(Message message) {
    ProducerRecord<byte[], byte[]> record = record(message);
    record.headers().remove("ce_type").add("ce_type", "io.cadastre.Later.v1".getBytes(UTF_8));
    record.headers().remove("ce_id").add("ce_id", "later".getBytes(UTF_8));
    return record;
  }

  private static ProducerRecord<byte[], byte[]> poison(Message message) {
    ProducerRecord<byte[], byte[]> whole = record(message);
    return new ProducerRecord<>(
        whole.topic(), null, whole.key(), "{ not json".getBytes(UTF_8), whole.headers());
  }

  private static DatabaseEntry database(String name) {
    return new DatabaseEntry(name, false, null, null, null, null, null, null, null);
  }
}
