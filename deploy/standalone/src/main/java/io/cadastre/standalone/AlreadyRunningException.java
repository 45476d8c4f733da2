package io.cadastre.standalone;

import java.nio.file.Path;
import java.util.Optional;

/** The data is in use by a process that runs. */
final class AlreadyRunningException extends RuntimeException {
  private final transient Optional<RunningFile> running;

  AlreadyRunningException(Path data, Optional<RunningFile> running) {
    super(
        "Cadastre is already running on "
            + data
            + running
                .map(file -> " (process %d): %s".formatted(file.pid(), file.console()))
                .orElse("")
            + System.lineSeparator()
            + "For another one beside it name another directory: --data DIR");
    this.running = running;
  }

  Optional<RunningFile> running() {
    return running;
  }
}
