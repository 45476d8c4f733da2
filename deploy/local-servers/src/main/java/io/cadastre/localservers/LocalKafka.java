package io.cadastre.localservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/** A Kafka 4.2 broker on this machine. */
public final class LocalKafka implements AutoCloseable {
  private final Life life;

  private LocalKafka(Life life) {
    this.life = life;
  }

  /** The one that all tests of this JVM use, inside the JVM; it ends with it. */
  public static LocalKafka shared() {
    return Shared.SERVER;
  }

  /** Starts one as a process of its own, which can be killed; it answers when this returns. */
  public static LocalKafka start(ServerSettings settings) {
    var server = ChildServer.start(new Kind(settings), settings);
    return new LocalKafka(new OwnProcess(server));
  }

  /**
   * Starts one inside this process: quicker and smaller, but it cannot be killed, and a broken disk
   * ends the process.
   */
  public static LocalKafka startInside(ServerSettings settings) {
    return new LocalKafka(InsideKafka.start(settings));
  }

  /** What clients connect to. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port();
  }

  /** The port it listens on. */
  public int port() {
    return life.port();
  }

  /** Kills it as a crash would; its data stays. Refused inside this process. */
  public void kill() {
    life.kill();
  }

  /** Stops it if it runs, and starts it again on the same port and data. */
  public void restart() {
    life.restart();
  }

  /** Stops it; the data stays where the settings named a directory for it. */
  @Override
  public void close() {
    life.close();
  }

  /** The two ways to run a broker. */
  sealed interface Life permits OwnProcess, InsideKafka {
    int port();

    void kill();

    void restart();

    void close();
  }

  private record OwnProcess(ChildServer server) implements Life {
    @Override
    public int port() {
      return server.port();
    }

    @Override
    public void kill() {
      server.kill();
    }

    @Override
    public void restart() {
      server.restart();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  private static final class Shared {
    static final LocalKafka SERVER = startInside(ServerSettings.temporary());
  }

  private record Kind(ServerSettings settings) implements ChildServer.Kind {

    @Override
    public String name() {
      return "Kafka";
    }

    @Override
    public String program() {
      return "java";
    }

    @Override
    public String readyWords() {
      return KafkaBroker.READY_WORDS;
    }

    @Override
    public String stopSignal() {
      return "TERM";
    }

    @Override
    public void create(Path data, ServerHome home) throws IOException {
      KafkaBroker.format(data);
    }

    @Override
    public List<String> command(Path data, ServerHome home, int port) throws IOException {
      Path file = home.directory().resolve("server.properties");
      var properties =
          KafkaBroker.properties(
              data, port, FreePort.choose(name(), 0), settings.kept(), settings.options());
      store(properties, file);
      Path arguments = home.directory().resolve("java.arguments");
      Files.writeString(arguments, "-cp \"%s\"%n".formatted(classPath()));
      var command = new ArrayList<String>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      // By this argument a leftover is recognised.
      command.add("-Dcadastre.data=" + data);
      command.addAll(
          List.of(
              "-Xmx256m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-XX:+IgnoreUnrecognizedVMOptions",
              "--enable-native-access=ALL-UNNAMED",
              "--sun-misc-unsafe-memory-access=allow"));
      command.add("@" + arguments);
      command.add(KafkaBroker.class.getName());
      command.add(file.toString());
      return command;
    }

    private static String classPath() {
      return System.getProperty("java.class.path").replace("\\", "\\\\");
    }

    private static void store(Properties properties, Path file) {
      try (var out = Files.newBufferedWriter(file)) {
        properties.store(out, null);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
