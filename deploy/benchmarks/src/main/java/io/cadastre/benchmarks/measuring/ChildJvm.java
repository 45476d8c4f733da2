package io.cadastre.benchmarks.measuring;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Java process of its own; its output goes to a file in {@code target/benchmarks}. */
public final class ChildJvm implements AutoCloseable {

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private final Process process;
  private final CompletableFuture<String> ready;

  private ChildJvm(Process process, CompletableFuture<String> ready) {
    this.process = process;
    this.ready = ready;
  }

  /**
   * Starts it and waits for a line of output.
   *
   * @param arguments of {@code java}
   * @param readyWhen a part of that line
   */
  public static ChildJvm start(String name, List<String> arguments, String readyWhen)
      throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("--sun-misc-unsafe-memory-access=allow");
    // To look into one of them, for example with -XX:StartFlightRecording.
    System.getProperty("cadastre.jvm." + name, "").lines().forEach(command::add);
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
    Path log = Files.createDirectories(home().resolve("deploy/benchmarks/target/benchmarks"));
    CompletableFuture<String> ready = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> follow(process, log.resolve(name + ".log"), readyWhen, ready));
    ChildJvm child = new ChildJvm(process, ready);
    child.readyLine();
    return child;
  }

  /** The root of the project, which {@code ./run} tells. */
  public static Path home() {
    return Path.of(System.getProperty("cadastre.home", "."));
  }

  /** The jar of a service that runs by itself. */
  public static Path serviceJar(String module) throws IOException {
    try (var files = Files.list(home().resolve(module).resolve("target"))) {
      return files
          .filter(file -> file.getFileName().toString().endsWith("-exec.jar"))
          .findFirst()
          .orElseThrow(() -> new IOException(module + " is not packaged"));
    }
  }

  private static void follow(
      Process process, Path log, String readyWhen, CompletableFuture<String> ready) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        PrintStream out =
            new PrintStream(Files.newOutputStream(log), true, StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        out.println(line);
        if (line.contains(readyWhen)) {
          ready.complete(line);
        }
      }
      ready.completeExceptionally(new IOException("ended before it was ready: see " + log));
    } catch (IOException e) {
      ready.completeExceptionally(e);
    }
  }

  /** The whole line by which it was ready. */
  public String readyLine() throws Exception {
    return ready.get(120, TimeUnit.SECONDS);
  }

  /** The most memory it ever had, heap and all. */
  public long peakMebibytes() throws IOException {
    Matcher peak = PEAK.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
    return peak.find() ? Long.parseLong(peak.group(1)) / 1024 : -1;
  }

  public long pid() {
    return process.pid();
  }

  public boolean isAlive() {
    return process.isAlive();
  }

  /** Lets it stop by itself for a while: a recording is written then. */
  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
