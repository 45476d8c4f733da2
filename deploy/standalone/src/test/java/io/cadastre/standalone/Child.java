package io.cadastre.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cadastre.standalone.api.GatewayClient;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code ./cadastre} starts, in a process of its own as it does, with what it says. */
final class Child implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Pattern CONSOLE = Pattern.compile("Console +(http://127.0.0.1:[0-9]+)/");
  private static final Pattern EVENTS = Pattern.compile("Events +127.0.0.1:([0-9]+) ");
  private static final Pattern METRICS = Pattern.compile("Metrics +(http://127.0.0.1:[0-9]+)/");
  private static final Pattern METRICS_PAGE =
      Pattern.compile("http://127.0.0.1:[0-9]+/actuator/prometheus");
  private static final Pattern FIRST_PASSWORD =
      Pattern.compile("sign in as admin with the password ([a-z0-9-]+)");

  private final Process process;
  private final Path screen;
  private final List<ProcessHandle> others = new ArrayList<>();

  private Child(Process process, Path screen) {
    this.process = process;
    this.screen = screen;
  }

  static Child start(Path folder, String... arguments) throws IOException {
    Path screen = Files.createTempFile(folder, "screen", ".txt");
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Dcadastre.home=" + folder,
                "-cp",
                System.getProperty("java.class.path"),
                Standalone.class.getName()));
    command.addAll(List.of(arguments));
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(screen.toFile())
            .start();
    return new Child(process, screen);
  }

  /** Runs to its end and answers what it said. */
  static String run(int expectedExit, Path folder, String... arguments) throws IOException {
    try (var child = start(folder, arguments)) {
      child.awaitEnd();
      assertThat(child.process.exitValue()).as(child.said()).isEqualTo(expectedExit);
      return child.said();
    }
  }

  Child awaitUp() {
    awaitSaid("Ctrl-C stops it.");
    try (var all = process.descendants()) {
      others.addAll(all.toList());
    }
    return this;
  }

  void awaitSaid(String words) {
    await()
        .atMost(LIMIT)
        .until(() -> {
          assertThat(said().contains(words) || process.isAlive()).as(said()).isTrue();
          return said().contains(words);
        });
  }

  String said() throws IOException {
    return Files.readString(screen, StandardCharsets.UTF_8);
  }

  String console() throws IOException {
    return found(CONSOLE).orElseThrow();
  }

  List<String> metricsPages() throws IOException {
    return METRICS_PAGE.matcher(said()).results().map(MatchResult::group).toList();
  }

  Optional<String> firstPassword() throws IOException {
    return found(FIRST_PASSWORD);
  }

  GatewayClient signIn(String password) throws IOException, InterruptedException {
    return GatewayClient.signIn(console(), "admin", password);
  }

  private Optional<String> found(Pattern pattern) throws IOException {
    var matcher = pattern.matcher(said());
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  /** As Ctrl-C does: all it started ends with it, and its ports are free. */
  void stop() throws IOException {
    process.destroy();
    awaitEnd();
    assertThat(said()).endsWith("Cadastre has stopped." + System.lineSeparator());
    assertThat(said()).doesNotContain("Exception");
    assertThat(others).noneMatch(ProcessHandle::isAlive);
    assertPortsAreFree();
  }

  /** As {@link #stop}, before there is anything to be found on its ports. */
  void end() throws IOException {
    process.destroy();
    awaitEnd();
    assertThat(said()).endsWith("Cadastre has stopped." + System.lineSeparator());
  }

  /** Before it has a chance to stop anything. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  private void awaitEnd() {
    await().atMost(LIMIT).until(() -> !process.isAlive());
  }

  private void assertPortsAreFree() throws IOException {
    var ports =
        Stream.of(CONSOLE, METRICS, EVENTS)
            .map(pattern -> {
              try {
                return found(pattern).orElseThrow();
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            })
            .map(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
            .toList();
    for (int port : ports) {
      try (var _ = new Socket(InetAddress.ofLiteral("127.0.0.1"), port)) {
        throw new AssertionError("something listens on " + port + " after the end");
      } catch (ConnectException _) {
        // As it should be.
      }
    }
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      process.destroy();
      awaitEnd();
    }
  }
}
