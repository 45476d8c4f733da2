package io.cadastre.localservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import kafka.server.KafkaRaftServer;
import org.jspecify.annotations.Nullable;

/** The life of a broker inside this process. */
final class InsideKafka implements LocalKafka.Life {
  private static final String NAME = "Kafka";

  private final ServerHome home;
  private final int port;
  private final Properties properties;
  private final @Nullable Guardian guardian;
  private @Nullable KafkaRaftServer server;

  private InsideKafka(ServerHome home, int port, Properties properties, KafkaRaftServer server)
      throws IOException {
    this.home = home;
    this.port = port;
    this.properties = properties;
    this.server = server;
    this.guardian = home.temporary() ? Guardian.ofDirectory(home.directory()) : null;
  }

  static InsideKafka start(ServerSettings settings) {
    QuietLogs.apply();
    try {
      var home = ServerHome.open("kafka", settings);
      try {
        return start(settings, home);
      } catch (RuntimeException | IOException e) {
        home.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static InsideKafka start(ServerSettings settings, ServerHome home) throws IOException {
    Leftovers.stop(NAME, "java", home.data(), "TERM");
    if (!Files.isDirectory(home.data())) {
      Path draft = home.directory().resolve("data.new");
      ServerHome.delete(draft);
      Files.createDirectory(draft);
      KafkaBroker.format(draft);
      Files.move(draft, home.data());
    }
    int port = FreePort.choose(NAME, settings.port());
    var properties =
        KafkaBroker.properties(
            home.data(), port, FreePort.choose(NAME, 0), settings.kept(), settings.options());
    return new InsideKafka(home, port, properties, KafkaBroker.start(properties));
  }

  @Override
  public int port() {
    return port;
  }

  @Override
  public void kill() {
    throw new UnsupportedOperationException(
        "a broker inside this process cannot be killed: use LocalKafka.start");
  }

  @Override
  public synchronized void restart() {
    stop();
    server = KafkaBroker.start(properties);
  }

  @Override
  public synchronized void close() {
    stop();
    if (guardian != null) {
      guardian.dismiss();
    }
    home.close();
  }

  private void stop() {
    if (server != null) {
      server.shutdown();
      server.awaitShutdown();
      server = null;
    }
  }
}
