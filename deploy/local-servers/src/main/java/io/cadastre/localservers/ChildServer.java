package io.cadastre.localservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of one server in a child process: create its data, start, stop, kill, start again. */
final class ChildServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ChildServer.class);
  private static final int PORT_TRIES = 3;

  /** What one kind of server does differently. */
  interface Kind {
    /** For people. */
    String name();

    /** The file name of its executable, by which a leftover is recognised. */
    String program();

    /** Fills the empty data directory. */
    void create(Path data, ServerHome home) throws IOException;

    /** The command that runs it; the data directory is among its arguments. */
    List<String> command(Path data, ServerHome home, int port) throws IOException;

    /** What its log says when it answers. */
    String readyWords();

    /** The signal by which it stops in order without waiting for its clients. */
    String stopSignal();

    /** How long a start may take: recovery after a crash is part of it. */
    default Duration startLimit() {
      return Duration.ofSeconds(90);
    }
  }

  private final Kind kind;
  private final ServerHome home;
  private final int port;
  private @Nullable ServerProcess process;

  private ChildServer(Kind kind, ServerHome home, int port, ServerProcess process) {
    this.kind = kind;
    this.home = home;
    this.port = port;
    this.process = process;
  }

  static ChildServer start(Kind kind, ServerSettings settings) {
    try {
      var home = ServerHome.open(kind.name().toLowerCase(Locale.ROOT), settings);
      try {
        return start(kind, settings, home);
      } catch (RuntimeException | IOException e) {
        home.close();
        throw e;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ChildServer start(Kind kind, ServerSettings settings, ServerHome home)
      throws IOException {
    Leftovers.stop(kind.name(), kind.program(), home.data(), kind.stopSignal());
    createData(kind, home);
    for (int attempt = 1; ; attempt++) {
      int port = FreePort.choose(kind.name(), settings.port());
      try {
        return new ChildServer(kind, home, port, run(kind, home, port));
      } catch (ServerStartException e) {
        if (!e.portTaken() || attempt == PORT_TRIES) {
          throw e;
        }
        LOG.debug("{}: port {} was taken meanwhile, trying another", kind.name(), port);
      }
    }
  }

  /** Data half created by a start that was killed is thrown away and created anew. */
  private static void createData(Kind kind, ServerHome home) throws IOException {
    if (Files.isDirectory(home.data())) {
      return;
    }
    Path draft = home.directory().resolve("data.new");
    ServerHome.delete(draft);
    Files.createDirectory(draft);
    kind.create(draft, home);
    Files.move(draft, home.data());
  }

  private static ServerProcess run(Kind kind, ServerHome home, int port) throws IOException {
    return ServerProcess.start(
        kind.name(),
        kind.command(home.data(), home, port),
        home,
        kind.readyWords(),
        kind.stopSignal(),
        kind.startLimit());
  }

  int port() {
    return port;
  }

  Path directory() {
    return home.directory();
  }

  synchronized void kill() {
    if (process != null) {
      process.kill();
    }
  }

  synchronized void stop() {
    if (process != null) {
      process.stop();
    }
  }

  /** Starts it again on the same port and data, after a kill or a stop or a crash. */
  synchronized void restart() {
    stop();
    try {
      process = run(kind, home, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (process == null) {
      return;
    }
    if (home.temporary()) {
      process.kill();
    } else {
      process.stop();
    }
    process = null;
    home.close();
  }
}
