package io.cadastre.standalone;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;

/** Where the one that runs on a data directory is reached, for those who come while it runs. */
record RunningFile(long pid, String console, int postgresPort) {
  private static final String NAME = "running";

  void write(Path root) throws IOException {
    Files.writeString(
        root.resolve(NAME),
        "pid=%d%nconsole=%s%npostgres_port=%d%n".formatted(pid, console, postgresPort));
  }

  static Optional<RunningFile> read(Path root) throws IOException {
    Path file = root.resolve(NAME);
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    var properties = new Properties();
    try (var in = Files.newBufferedReader(file)) {
      properties.load(in);
    }
    return Optional.of(
        new RunningFile(
            Long.parseLong(properties.getProperty("pid", "0")),
            properties.getProperty("console", ""),
            Integer.parseInt(properties.getProperty("postgres_port", "0"))));
  }

  static void delete(Path root) throws IOException {
    Files.deleteIfExists(root.resolve(NAME));
  }
}
