package io.cadastre.kv.serve;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** etcd's own tool, where it is installed. */
final class Etcdctl implements AutoCloseable {

  private static final long SECONDS = 60;

  private final List<String> command;
  private final List<Process> running = new ArrayList<>();

  /** With options that each command gets. */
  Etcdctl(String endpoint, String... options) {
    command = new ArrayList<>(List.of("etcdctl", "--endpoints=" + endpoint));
    command.addAll(List.of(options));
  }

  static boolean isInstalled(String program) {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(part -> Files.isExecutable(Path.of(part, program)));
  }

  /** Runs a command that has to succeed, and returns what it printed. */
  String run(String... arguments) throws Exception {
    return reading("", arguments);
  }

  /** The same with something to read. */
  String reading(String input, String... arguments) throws Exception {
    Process process = start(ProcessBuilder.Redirect.DISCARD, arguments);
    try (OutputStream out = process.getOutputStream()) {
      out.write(input.getBytes(UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", arguments)).isZero();
    return output;
  }

  /** Runs a command that has to fail, and returns why it did. */
  String failing(String... arguments) throws Exception {
    Process process = start(ProcessBuilder.Redirect.PIPE, arguments);
    process.getOutputStream().close();
    String output = new String(process.getErrorStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor(SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(String.join(" ", arguments)).isNotZero();
    return output;
  }

  /** Starts a command that goes on, and returns what it prints. */
  BufferedReader following(String... arguments) throws IOException {
    Process process = start(ProcessBuilder.Redirect.DISCARD, arguments);
    running.add(process);
    return process.inputReader(UTF_8);
  }

  private Process start(ProcessBuilder.Redirect errors, String... arguments) throws IOException {
    List<String> whole = new ArrayList<>(command);
    whole.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(whole).redirectError(errors);
    builder.environment().put("ETCDCTL_API", "3");
    return builder.start();
  }

  @Override
  public void close() {
    running.forEach(Process::destroyForcibly);
  }
}
