package io.cadastre.localservers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;

/** Starts servers in a process of its own, says so, and ends when a line comes in. */
final class Launcher {
  private final Process process;

  private Launcher(Process process) {
    this.process = process;
  }

  /** The arguments: directory for PostgreSQL, MariaDB, Kafka; "temporary" for none. */
  public static void main(String[] args) throws Exception {
    var settings = new ArrayList<ServerSettings>();
    for (String arg : args) {
      settings.add(
          arg.equals("temporary")
              ? ServerSettings.temporary()
              : ServerSettings.keptIn(Path.of(arg)));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var postgres = threads.submit(() -> LocalPostgres.start(settings.get(0)));
      if (args.length > 1) {
        var mariaDb = threads.submit(() -> LocalMariaDb.start(settings.get(1)));
        LocalKafka.start(settings.get(2));
        mariaDb.get();
      }
      postgres.get();
    }
    System.out.println("started");
    System.in.read();
    System.exit(0);
  }

  static Launcher launch(String... args) throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Launcher.class.getName());
    command.addAll(List.of(args));
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String said = process.inputReader().readLine();
    if (!"started".equals(said)) {
      throw new IllegalStateException("the launcher did not start its servers: " + said);
    }
    return new Launcher(process);
  }

  List<ProcessHandle> guardians() {
    return process.descendants().filter(Launcher::isGuardian).toList();
  }

  List<ProcessHandle> servers() {
    return process.children().filter(child -> !isGuardian(child)).toList();
  }

  private static boolean isGuardian(ProcessHandle handle) {
    return handle.info().arguments().stream()
        .flatMap(java.util.Arrays::stream)
        .anyMatch("cadastre-guardian"::equals);
  }

  void kill() {
    process.destroyForcibly().onExit().join();
  }

  void end() throws IOException {
    process.outputWriter().append('\n').flush();
    process.onExit().join();
  }
}
