package io.cadastre.kv.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cadastre.kv.KvStoreApplication;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A member in a process of its own, to be killed, paused and started again. */
final class MemberProcess implements AutoCloseable {

  private static final String READY = "ready to serve client requests";
  private static final long START_SECONDS = 120;

  private final int port;
  private final List<String> jvmOptions;
  private final Queue<String> output = new ConcurrentLinkedQueue<>();
  private List<String> options = List.of();
  private volatile @Nullable Process process;

  /**
   * Makes one that is not started yet.
   *
   * @param port where clients come in, also after a restart
   */
  MemberProcess(int port, List<String> jvmOptions) {
    this.port = port;
    this.jvmOptions = jvmOptions;
  }

  /** Starts it; done when it serves. */
  CompletableFuture<Void> start(List<String> with) {
    options = List.copyOf(with);
    return restart();
  }

  private Process launch(CompletableFuture<Void> ready) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1"));
    command.addAll(jvmOptions);
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            KvStoreApplication.class.getName(),
            "--listen-client-urls=http://127.0.0.1:" + port));
    command.addAll(options);
    try {
      Process launched = new ProcessBuilder(command).redirectErrorStream(true).start();
      Thread.ofVirtual().start(() -> follow(launched, ready));
      return launched;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void follow(Process launched, CompletableFuture<Void> ready) {
    try (BufferedReader lines = launched.inputReader(UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        output.add(line);
        if (line.contains(READY)) {
          ready.complete(null);
        }
      }
    } catch (IOException _) {
      // It was killed.
    }
    ready.completeExceptionally(new IllegalStateException("ended: " + String.join("\n", output)));
  }

  /** Of the process that runs now; -1 = none was started. */
  long pid() {
    Process running = process;
    return running == null ? -1 : running.pid();
  }

  /** All that it said, for who has to find out what happened. */
  String output() {
    return String.join("\n", output);
  }

  void kill() throws InterruptedException {
    // SIGKILL: nothing is closed, nothing is written any more.
    int _ = running().destroyForcibly().waitFor();
  }

  /** Starts it again; done when it serves, which alone it may not be able to. */
  CompletableFuture<Void> restart() {
    CompletableFuture<Void> ready = new CompletableFuture<>();
    process = launch(ready);
    return ready.orTimeout(START_SECONDS, TimeUnit.SECONDS);
  }

  void pause() throws IOException, InterruptedException {
    signal("STOP");
  }

  void resume() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder("kill", "-" + name, Long.toString(running().pid())).start().waitFor();
    if (code != 0) {
      throw new IOException("kill -" + name + " ended with " + code);
    }
  }

  private Process running() {
    return Objects.requireNonNull(process, "not started");
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      Process _ = running.destroyForcibly();
    }
  }
}
