package io.cadastre.localservers;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Runs the program that fills a server's data directory. */
final class Creation {
  private Creation() {}

  static void run(String server, List<String> command, ServerHome home) throws IOException {
    run(server, command, home, _ -> {});
  }

  static void run(String server, List<String> command, ServerHome home, Input input)
      throws IOException {
    Path log = home.directory().resolve("creation.log");
    Process process =
        new ProcessBuilder(ServerProcess.ownSession(command))
            .directory(home.directory().toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (var in = process.getOutputStream()) {
      input.writeTo(in);
    } catch (IOException e) {
      // It ended before it had read everything: its log says why.
      process.destroy();
    }
    int code = ServerProcess.exitCode(process);
    if (code != 0) {
      String said = Files.readString(log, StandardCharsets.ISO_8859_1);
      throw new ServerStartException(
          "%s: its data directory could not be created (code %d):%n%s"
              .formatted(server, code, said.substring(Math.max(0, said.length() - 2_000))),
          said);
    }
  }

  /** What the program reads from its standard input. */
  interface Input {
    void writeTo(OutputStream in) throws IOException;
  }
}
