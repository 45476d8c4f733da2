package io.cadastre.localservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A server running as a child of this process. It writes to a log file, for a pipe would break when
 * this process dies. Signals of the terminal do not reach it: it ends when it is told to, or, by
 * its {@link Guardian}, when this process has gone.
 */
final class ServerProcess {
  private static final Duration STOP_LIMIT = Duration.ofSeconds(30);
  private static final Duration POLL = Duration.ofMillis(20);
  private static final boolean OWN_SESSION =
      Files.isExecutable(Path.of("/usr/bin/setsid")) || Files.isExecutable(Path.of("/bin/setsid"));

  private final String name;
  private final Process process;
  private final Guardian guardian;
  private final String stopSignal;

  private ServerProcess(String name, Process process, Guardian guardian, String stopSignal) {
    this.name = name;
    this.process = process;
    this.guardian = guardian;
    this.stopSignal = stopSignal;
  }

  /** Starts it and returns when its log says the ready words. */
  static ServerProcess start(
      String name,
      List<String> command,
      ServerHome home,
      String readyWords,
      String stopSignal,
      Duration limit)
      throws IOException {
    Path log = home.log();
    if (Files.exists(log)) {
      Files.move(log, log.resolveSibling("server.log.1"), StandardCopyOption.REPLACE_EXISTING);
    }
    Process process =
        new ProcessBuilder(ownSession(command))
            .directory(home.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    var guardian =
        Guardian.watch(
            process.toHandle(),
            home.temporary() ? "KILL" : stopSignal,
            home.temporary() ? home.directory().toString() : "");
    var server = new ServerProcess(name, process, guardian, stopSignal);
    try {
      server.awaitReady(log, readyWords, limit);
      return server;
    } catch (RuntimeException | IOException e) {
      server.kill();
      throw e;
    }
  }

  private void awaitReady(Path log, String readyWords, Duration limit) throws IOException {
    long deadline = System.nanoTime() + limit.toNanos();
    while (true) {
      boolean ended = !process.isAlive();
      String said = Files.readString(log, StandardCharsets.ISO_8859_1);
      if (said.contains(readyWords) && !ended) {
        return;
      }
      if (ended || System.nanoTime() > deadline) {
        throw new ServerStartException(
            "%s %s; the end of its log:%n%s"
                .formatted(
                    name,
                    ended
                        ? "ended with code " + process.exitValue() + " instead of starting"
                        : "was not ready within " + limit.toSeconds() + " seconds",
                    said.substring(Math.max(0, said.length() - 2_000))),
            said);
      }
      pause();
    }
  }

  /** Stops it in order; a server that takes too long is killed. */
  void stop() {
    if (process.isAlive()) {
      signal(process.toHandle(), stopSignal);
    }
    if (!endsWithin(process.toHandle(), STOP_LIMIT)) {
      kill();
    }
    guardian.dismiss();
  }

  /** Kills it and its children, as a crash would. */
  void kill() {
    kill(process.toHandle());
    guardian.dismiss();
  }

  static void kill(ProcessHandle server) {
    var all = new ArrayList<>(List.of(server));
    server.descendants().forEach(all::add);
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(handle -> endsWithin(handle, STOP_LIMIT));
  }

  /** Sends a signal that Java has no method for. */
  static void signal(ProcessHandle target, String signal) {
    try {
      exitCode(
          new ProcessBuilder("sh", "-c", "kill -" + signal + " " + target.pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Not by {@code onExit}: that needs a thread of the common pool, which others may hold up. */
  static boolean endsWithin(ProcessHandle target, Duration limit) {
    long deadline = System.nanoTime() + limit.toNanos();
    while (target.isAlive()) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      pause();
    }
    return true;
  }

  /** Waits for a program that ends by itself; returns its exit code. */
  static int exitCode(Process program) {
    try {
      return program.waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a program was running", e);
    }
  }

  static List<String> ownSession(List<String> command) {
    return OWN_SESSION ? Stream.concat(Stream.of("setsid"), command.stream()).toList() : command;
  }

  private static void pause() {
    try {
      Thread.sleep(POLL);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a server was starting or stopping", e);
    }
  }
}
