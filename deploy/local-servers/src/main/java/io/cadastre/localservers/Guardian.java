package io.cadastre.localservers;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A shell that waits on a pipe from this process. When the pipe closes without a word, this process
 * is gone, however it ended, and the guardian stops the server; a temporary server is killed and
 * its directory removed.
 */
final class Guardian {
  private static final String SCRIPT =
      """
      trap '' INT TERM HUP
      read -r word
      [ "$word" = dismissed ] && exit 0
      if [ -n "$2" ]; then
        kill -"$1" "$2" 2>/dev/null
        tries=0
        while kill -0 "$2" 2>/dev/null && [ "$tries" -lt 300 ]; do
          sleep 0.1
          tries=$((tries + 1))
        done
        kill -9 "$2" 2>/dev/null
      fi
      [ -n "$3" ] && rm -rf -- "$3"
      exit 0
      """;

  private final Process shell;

  private Guardian(Process shell) {
    this.shell = shell;
  }

  static Guardian watch(ProcessHandle server, String signal, String directoryToRemove)
      throws IOException {
    var guardian = start(signal, Long.toString(server.pid()), directoryToRemove);
    // The number of a process that has ended may soon be another's.
    var _ = server.onExit().thenRun(guardian::dismiss);
    return guardian;
  }

  /** For the directory of a server inside this process, which ends with it anyway. */
  static Guardian ofDirectory(Path directoryToRemove) throws IOException {
    return start("", "", directoryToRemove.toString());
  }

  private static Guardian start(String signal, String pid, String directoryToRemove)
      throws IOException {
    var command =
        ServerProcess.ownSession(
            List.of("sh", "-c", SCRIPT, "cadastre-guardian", signal, pid, directoryToRemove));
    return new Guardian(
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start());
  }

  /** Ends the watch; may be called twice. */
  synchronized void dismiss() {
    if (!shell.isAlive()) {
      return;
    }
    try (var pipe = shell.getOutputStream()) {
      pipe.write("dismissed\n".getBytes(StandardCharsets.US_ASCII));
    } catch (IOException _) {
      // The shell has ended by itself: nobody is left to dismiss.
      shell.destroy();
    }
  }
}
