package io.cadastre.standalone;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What was asked for. */
sealed interface CommandLine {

  /** The text of {@code ./cadastre help}. */
  String HELP =
      """
      Cadastre: the register of a company's database estate, on this machine alone.

        ./cadastre demo               start with two demo servers full of databases to look at
        ./cadastre up                 start with nothing registered; data is gone at the end
        ./cadastre up --data DIR      start with data kept in DIR
        ./cadastre kv                 the key-value store alone, three members that agree; a
                                      client is etcdctl, or any other of etcd's
        ./cadastre reset-password     give the user admin a new password (of the demo's data,
                                      or of --data DIR)
        ./cadastre help               this text

      Options of demo and up:
        --data DIR         where data is kept (demo: data/demo in this checkout)
        --port N           the console's port (8080)
        --kafka-port N     where events are read (9092)
        --kv-port N        where etcd's clients come in (2379)
        --verbose          what the start spends its time on, and the log on the screen

      Options of kv:
        --data DIR         where data is kept (else it is gone at the end)

      A port that is taken is named, and a free one taken instead. Everything listens on
      127.0.0.1 only. Ctrl-C stops everything. Not for production: see docker-compose.yml.
      """;

  /** Start, with or without the demo servers. */
  record Start(
      boolean demo, @Nullable Path data, int port, int kafkaPort, int kvPort, boolean verbose)
      implements CommandLine {}

  /** Start the key-value store alone. */
  record Kv(@Nullable Path data) implements CommandLine {}

  /** Give the administrator a new password. */
  record ResetPassword(@Nullable Path data) implements CommandLine {}

  /** Say what can be asked for. */
  record Help() implements CommandLine {}

  /**
   * Reads the arguments.
   *
   * @throws IllegalArgumentException that names the argument and what is allowed
   */
  static CommandLine parse(List<String> arguments) {
    Deque<String> rest = new ArrayDeque<>(arguments);
    String command = rest.isEmpty() ? "help" : rest.removeFirst();
    return switch (command) {
      case "demo" -> start(true, rest);
      case "up" -> start(false, rest);
      case "kv" -> new Kv(onlyData(rest));
      case "reset-password" -> new ResetPassword(onlyData(rest));
      case "help", "--help", "-h" -> new Help();
      default ->
          throw new IllegalArgumentException(
              "command: " + command + " (allowed: demo, up, kv, reset-password, help)");
    };
  }

  private static Start start(boolean demo, Deque<String> rest) {
    Path data = null;
    int port = 8080;
    int kafkaPort = 9092;
    int kvPort = 2379;
    boolean verbose = false;
    while (!rest.isEmpty()) {
      String option = rest.removeFirst();
      switch (option) {
        case "--data" -> data = Path.of(value(option, rest));
        case "--port" -> port = port(option, rest);
        case "--kafka-port" -> kafkaPort = port(option, rest);
        case "--kv-port" -> kvPort = port(option, rest);
        case "--verbose" -> verbose = true;
        default ->
            throw new IllegalArgumentException(
                "option: "
                    + option
                    + " (allowed: --data, --port, --kafka-port, --kv-port, --verbose)");
      }
    }
    return new Start(demo, data, port, kafkaPort, kvPort, verbose);
  }

  private static @Nullable Path onlyData(Deque<String> rest) {
    Path data = null;
    while (!rest.isEmpty()) {
      String option = rest.removeFirst();
      if (!option.equals("--data")) {
        throw new IllegalArgumentException("option: " + option + " (allowed: --data)");
      }
      data = Path.of(value(option, rest));
    }
    return data;
  }

  private static String value(String option, Deque<String> rest) {
    if (rest.isEmpty()) {
      throw new IllegalArgumentException(option + ": missing its value");
    }
    return rest.removeFirst();
  }

  private static int port(String option, Deque<String> rest) {
    String value = value(option, rest);
    if (!value.matches("[0-9]{1,5}") || Integer.parseInt(value) > 65535) {
      throw new IllegalArgumentException(option + ": " + value + " (allowed: 0 to 65535)");
    }
    return Integer.parseInt(value);
  }
}
