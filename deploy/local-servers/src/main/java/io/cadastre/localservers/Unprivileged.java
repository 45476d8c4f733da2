package io.cadastre.localservers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.stream.Stream;

/**
 * Runs a program that refuses to run as root: in a user namespace where the system allows one, else
 * as the user "nobody". A user other than root runs it as it is.
 */
final class Unprivileged {
  private static final int NOBODY = 65534;
  private static final List<String> AS_IT_IS = List.of();
  private static final List<String> IN_A_NAMESPACE = List.of("unshare", "-U");
  private static final List<String> AS_NOBODY =
      List.of("setpriv", "--reuid=" + NOBODY, "--regid=" + NOBODY, "--clear-groups");

  private static final List<String> PREFIX = find();

  private Unprivileged() {}

  /** Whether the program runs as another user, who must be able to reach its files. */
  static boolean changesUser() {
    return PREFIX.equals(AS_NOBODY);
  }

  static List<String> command(List<String> command) {
    return Stream.concat(PREFIX.stream(), command.stream()).toList();
  }

  /** Hands a file or directory, and the way into its parent, to the user the program runs as. */
  static void own(Path path) throws IOException {
    if (!changesUser()) {
      return;
    }
    Files.setAttribute(path, "unix:uid", NOBODY);
    Files.setAttribute(path, "unix:gid", NOBODY);
    Path parent = path.toAbsolutePath().getParent();
    var permissions = Files.getPosixFilePermissions(parent);
    permissions.add(PosixFilePermission.OTHERS_EXECUTE);
    Files.setPosixFilePermissions(parent, permissions);
  }

  private static List<String> find() {
    if (!isRoot()) {
      return AS_IT_IS;
    }
    for (List<String> way : List.of(IN_A_NAMESPACE, AS_NOBODY)) {
      if (works(way)) {
        return way;
      }
    }
    throw new IllegalStateException(
        "PostgreSQL does not run as root, and neither unshare nor setpriv (package util-linux) can"
            + " change the user: start Cadastre as another user than root");
  }

  private static boolean isRoot() {
    try {
      Path probe = Files.createTempFile("cadastre", "uid");
      int owner = (Integer) Files.getAttribute(probe, "unix:uid");
      Files.delete(probe);
      return owner == 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean works(List<String> way) {
    try {
      return ServerProcess.exitCode(
              new ProcessBuilder(Stream.concat(way.stream(), Stream.of("true")).toList())
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start())
          == 0;
    } catch (IOException _) {
      return false;
    }
  }
}
