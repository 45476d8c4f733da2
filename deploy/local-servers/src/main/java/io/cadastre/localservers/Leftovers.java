package io.cadastre.localservers;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds servers that a launcher left behind when it was killed: processes that run this server's
 * program with exactly this data directory among their arguments. Called with the directory's lock
 * held, so the launcher is dead; nobody else's process has our directory for its data.
 */
final class Leftovers {
  private static final Logger LOG = LoggerFactory.getLogger(Leftovers.class);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);

  private Leftovers() {}

  /** Stops them, in order if they let us, so that their data is whole when we go on. */
  static void stop(String server, String program, Path data, String stopSignal) {
    for (ProcessHandle leftover : find(program, data)) {
      LOG.warn(
          "{}: process {} was left running on {} by an earlier start, stopping it",
          server,
          leftover.pid(),
          data);
      ServerProcess.signal(leftover, stopSignal);
      if (!ServerProcess.endsWithin(leftover, STOP_LIMIT)) {
        ServerProcess.kill(leftover);
      }
    }
  }

  static List<ProcessHandle> find(String program, Path data) {
    return ProcessHandle.allProcesses()
        .filter(process -> runs(process.info(), program) && names(process.info(), data))
        .toList();
  }

  private static boolean runs(ProcessHandle.Info info, String program) {
    return info.command()
        .flatMap(path -> Optional.ofNullable(Path.of(path).getFileName()))
        .filter(file -> file.toString().equals(program))
        .isPresent();
  }

  private static boolean names(ProcessHandle.Info info, Path data) {
    return Stream.of(info.arguments().orElse(new String[0]))
        .anyMatch(argument -> argument.equals(data.toString()) || argument.endsWith("=" + data));
  }
}
