package io.cadastre.testbed;

import static org.awaitility.Awaitility.await;

import io.cadastre.contracts.events.Engine;
import io.cadastre.contracts.events.Envelope;
import io.cadastre.contracts.events.InstanceConnection;
import io.cadastre.contracts.events.KafkaBinding;
import io.cadastre.contracts.events.Message;
import io.cadastre.contracts.events.Scan;
import io.cadastre.contracts.events.ScanEvent;
import io.cadastre.contracts.events.SealedSecret;
import io.cadastre.contracts.events.TlsMode;
import io.cadastre.contracts.events.Topic;
import io.cadastre.localservers.LocalMariaDb;
import io.cadastre.localservers.LocalPostgres;
import io.cadastre.secrets.KeysetFiles;
import io.cadastre.secrets.SecretSealer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
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
import org.jspecify.annotations.Nullable;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/** A worker service as it runs, with the gateway's end of Kafka in the hands of the test. */
public final class RunningWorker implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final ConfigurableApplicationContext context;
  private final KafkaProducer<byte[], byte[]> commands;
  private final KafkaConsumer<byte[], byte[]> events;
  private final Queue<Envelope<Message>> received = new ConcurrentLinkedQueue<>();
  private final SecretSealer sealer;
  private final HttpClient http = HttpClient.newHttpClient();
  private long lastInstanceId;

  /**
   * Starts it.
   *
   * @param answers the topics that it answers on
   * @param settings of its own, as {@code --name=value}
   */
  public RunningWorker(
      SpringApplicationBuilder application,
      List<Topic> answers,
      String bootstrapServers,
      String... settings)
      throws IOException {
    Path folder = Files.createTempDirectory("keys");
    Path privateKeys = folder.resolve("private.json");
    Path publicKeys = folder.resolve("public.json");
    KeysetFiles.generate(privateKeys, publicKeys);
    List.of(folder, privateKeys, publicKeys).forEach(made -> made.toFile().deleteOnExit());
    sealer = SecretSealer.read(publicKeys);
    Stream<String> arguments =
        Stream.of(
            "--server.port=0",
            "--logging.structured.format.console=",
            "--cadastre.kafka.bootstrap-servers=" + bootstrapServers,
            "--cadastre.instance-access.private-keyset-file=" + privateKeys,
            "--cadastre.instance-access.loopback-allowed=true");
    context = application.run(Stream.concat(arguments, Stream.of(settings)).toArray(String[]::new));
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
    events.subscribe(Topic.names(answers.toArray(Topic[]::new)));
  }

  /** An account of an instance that no other command is about, its password sealed. */
  public InstanceConnection instance(
      Engine engine, String host, int port, String username, String password) {
    long id = ++lastInstanceId;
    SealedSecret sealed = sealer.seal(password, InstanceConnection.secretContext(id));
    return new InstanceConnection(id, engine, host, port, username, sealed, TlsMode.DISABLED, null);
  }

  public InstanceConnection mariaDb() {
    LocalMariaDb server = LocalMariaDb.shared();
    return instance(
        Engine.MYSQL, server.host(), server.port(), server.username(), server.password());
  }

  public InstanceConnection postgres() {
    LocalPostgres server = LocalPostgres.shared();
    return instance(
        Engine.POSTGRESQL, server.host(), server.port(), server.superuser(), server.password());
  }

  /** A scan as it travels, with five minutes to go. */
  public static Scan scan() {
    Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    return new Scan(UUID.randomUUID(), 1, UUID.randomUUID(), now.plusSeconds(300));
  }

  public void send(Message command) {
    send(command, null);
  }

  public void send(Message command, @Nullable String traceparent) {
    send(
        KafkaBinding.write(
            Envelope.of(command, URI.create("/cadastre/test"), Instant.now(), traceparent)));
  }

  public void send(ProducerRecord<byte[], byte[]> message) {
    try {
      commands.send(message).get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The events about one scan so far. */
  public List<ScanEvent> answers(UUID scanId) {
    return about(scanId).map(envelope -> (ScanEvent) envelope.message()).toList();
  }

  /** The first event about a scan. */
  public ScanEvent awaitAnswer(Scan scan) {
    return await()
        .atMost(PATIENCE)
        .pollInSameThread()
        .until(() -> answers(scan.scanId()), answers -> !answers.isEmpty())
        .getFirst();
  }

  /** Until it says that it is ready. */
  public void awaitReady() {
    await().atMost(PATIENCE).until(() -> get("/actuator/health/readiness").statusCode() == 200);
  }

  /** The traces that the events about one scan so far belong to. */
  public List<String> traceparents(UUID scanId) {
    return about(scanId).map(envelope -> String.valueOf(envelope.traceparent())).toList();
  }

  private Stream<Envelope<Message>> about(UUID scanId) {
    for (ConsumerRecord<byte[], byte[]> each : events.poll(Duration.ofMillis(100))) {
      KafkaBinding.read(each).ifPresent(received::add);
    }
    return received.stream()
        .filter(envelope ->
            envelope.message() instanceof ScanEvent event && event.scan().scanId().equals(scanId));
  }

  /** On a connection that is kept from one request to the next. */
  public HttpResponse<String> get(String path) throws IOException, InterruptedException {
    return http.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path))
            .timeout(Duration.ofSeconds(60))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  public int port() {
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
