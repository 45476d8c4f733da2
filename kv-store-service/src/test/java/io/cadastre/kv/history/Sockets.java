package io.cadastre.kv.history;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Which process a connection comes from, as Linux tells. */
final class Sockets {

  private static final int LOCAL_ADDRESS = 1;
  private static final int REMOTE_ADDRESS = 2;
  private static final int INODE = 9;

  private Sockets() {}

  /**
   * The other end of a connection of this machine's.
   *
   * @return the one of these processes that holds it; empty where none does
   */
  static Optional<Long> owner(Socket accepted, List<Long> pids) {
    String there = ":%04X".formatted(accepted.getPort());
    String here = ":%04X".formatted(accepted.getLocalPort());
    return Stream.of("/proc/net/tcp", "/proc/net/tcp6")
        .flatMap(table -> lines(Path.of(table)).stream())
        .map(line -> line.strip().split(" +", -1))
        .filter(fields -> fields.length > INODE)
        .filter(fields ->
            fields[LOCAL_ADDRESS].endsWith(there) && fields[REMOTE_ADDRESS].endsWith(here))
        .map(fields -> "socket:[" + fields[INODE] + "]")
        .flatMap(socket -> pids.stream().filter(pid -> holds(pid, socket)))
        .findFirst();
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException _) {
      return List.of();
    }
  }

  private static boolean holds(long pid, String socket) {
    try (Stream<Path> files = Files.list(Path.of("/proc/" + pid + "/fd"))) {
      return files.anyMatch(file -> pointsTo(file, socket));
    } catch (IOException _) {
      return false;
    }
  }

  private static boolean pointsTo(Path file, String socket) {
    try {
      return Files.readSymbolicLink(file).toString().equals(socket);
    } catch (IOException _) {
      // It was closed meanwhile.
      return false;
    }
  }
}
