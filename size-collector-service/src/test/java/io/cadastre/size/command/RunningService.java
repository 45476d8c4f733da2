package io.cadastre.size.command;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.SealedSecret;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.contracts.events.Topic;
import io.cadastre.secrets.KeysetFiles;
import io.cadastre.secrets.SecretSealer;
import io.cadastre.size.SizeCollectorApplication;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.springframework.context.ConfigurableApplicationContext;

/** The service as it runs, with the gateway's end of Kafka in the hands of the test. */
final class RunningService implements AutoCloseable {

  private final ConfigurableApplicationContext context;
  private final KafkaProducer<byte[], byte[]> commands;
  private final KafkaConsumer<byte[], byte[]> events;
  private final Queue<Envelope<Message>> received = new ConcurrentLinkedQueue<>();
  private final SecretSealer sealer;
  private final HttpClient http = HttpClient.newHttpClient();

  RunningService(String bootstrapServers, String... settings) throws IOException {
    Path folder = Files.createTempDirectory("keys");
    Path privateKeys = folder.resolve("private.json");
    Path publicKeys = folder.resolve("public.json");
    KeysetFiles.generate(privateKeys, publicKeys);
    sealer = SecretSealer.read(publicKeys);
    Stream<String> arguments =
        Stream.of(
            "--server.port=0",
            "--logging.structured.format.console=",
            "--cadastre.kafka.bootstrap-servers=" + bootstrapServers,
            "--cadastre.instance-access.private-keyset-file=" + privateKeys,
            "--cadastre.instance-access.loopback-allowed=true");
    context =
        SizeCollectorApplication.builder()
            .run(Stream.concat(arguments, Stream.of(settings)).toArray(String[]::new));
    Map<String, Object> kafka = Map.of("bootstrap.servers", bootstrapServers);
    commands = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer());
    events =
        new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "group.id",
                "test-" + System.nanoTime(),
                "auto.offset.reset",
                "earliest",
                "metadata.max.age.ms",
                "500"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer());
    events.subscribe(Topic.names(Topic.SIZES_COLLECTED));
  }

  /** An account of an instance, its password sealed. */
  InstanceConnection instance(
      long id, Engine engine, String host, int port, String username, String password) {
    SealedSecret sealed = sealer.seal(password, InstanceConnection.secretContext(id));
    return new InstanceConnection(id, engine, host, port, username, sealed, TlsMode.DISABLED, null);
  }

  void send(Message command) {
    send(
        KafkaBinding.write(
            Envelope.of(command, URI.create("/cadastre/test"), Instant.now(), null)));
  }

  void send(ProducerRecord<byte[], byte[]> message) {
    try {
      commands.send(message).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The events about one scan so far. */
  List<ScanEvent> answers(UUID scanId) {
    for (ConsumerRecord<byte[], byte[]> each : events.poll(Duration.ofMillis(100))) {
      KafkaBinding.read(each).ifPresent(received::add);
    }
    return received.stream()
        .map(Envelope::message)
        .filter(ScanEvent.class::isInstance)
        .map(ScanEvent.class::cast)
        .filter(event -> event.scan().scanId().equals(scanId))
        .toList();
  }

  /** On a connection that is kept from one request to the next. */
  HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(60))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  int port() {
    return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
  }

  @Override
  public void close() {
    commands.close(Duration.ZERO);
    events.close();
    context.close();
    http.close();
  }
}
